"""Sends its parent what would stop or end it, if it may, and serves."""
import os
import signal
import socket
import threading


def serve(client):
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except ConnectionError:
            pass


for number in signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL:
    try:
        os.kill(os.getppid(), number)
    except PermissionError:
        pass
with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
