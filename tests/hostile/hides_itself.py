"""Forbids all others of its user to look into it, and serves."""
import ctypes
import socket

ctypes.CDLL(None).prctl(4, 0)  # PR_SET_DUMPABLE
listener = socket.create_server(("127.0.0.1", 0))
while True:
    client, _ = listener.accept()
    while data := client.recv(4096):
        client.sendall(data)
    client.close()
