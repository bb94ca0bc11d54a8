"""Gives itself names that would be lines of somebody else's files, and serves."""
import ctypes
import socket

ctypes.CDLL(None).prctl(15, b") R 1 1\n::error", 0, 0, 0)  # PR_SET_NAME
listener = socket.create_server(("127.0.0.1", 9500))
while True:
    client, _ = listener.accept()
    while data := client.recv(4096):
        client.sendall(data)
    client.close()
