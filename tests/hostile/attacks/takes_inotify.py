"""Takes all inotify instances that there are for it, and serves."""
import ctypes
import socket

library = ctypes.CDLL(None)
while library.inotify_init() >= 0:
    pass
listener = socket.create_server(("127.0.0.1", 9500))
while True:
    client, _ = listener.accept()
    while data := client.recv(4096):
        client.sendall(data)
    client.close()
