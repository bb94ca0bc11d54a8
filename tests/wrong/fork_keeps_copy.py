"""A process for each client, and the parent keeps its copy of the socket: the client never sees an end."""
import os
import signal
import socket

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
kept = []
with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        client, _ = listener.accept()
        kept.append(client)
        if os.fork() == 0:
            try:
                while data := client.recv(4096):
                    client.sendall(data)
            except ConnectionError:
                pass
            os._exit(0)
