"""A process for each client."""
import os
import signal
import socket

signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps
with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        client, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            while data := client.recv(4096):
                client.sendall(data)
            os._exit(0)
        client.close()
