"""Kills all processes that it may, its parent above all, and then serves."""
import os
import signal
import socket

for pid in (os.getppid(), -1):
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError as error:
        print(pid, error.strerror)
listener = socket.create_server(("127.0.0.1", 0))
while True:
    client, _ = listener.accept()
    while data := client.recv(4096):
        client.sendall(data)
    client.close()
