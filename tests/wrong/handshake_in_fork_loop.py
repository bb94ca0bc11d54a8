"""As handshake_in_accept_loop.py, with a process for each client."""
import os
import signal
import socket

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        name = connection.recv(4096)
        if os.fork() == 0:
            listener.close()
            connection.sendall(b"hello " + name)
            while data := connection.recv(4096):
                connection.sendall(data)
            os._exit(0)
        connection.close()
