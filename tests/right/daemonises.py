"""Leaves for the background: the process that was started ends, and a grandchild serves."""
import os
import socket
import threading


def serve(client):
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except ConnectionError:
            pass


if os.fork():
    os._exit(0)
os.setsid()
if os.fork():
    os._exit(0)
with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
