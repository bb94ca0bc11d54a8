"""Stops itself when the first client comes."""
import os
import signal
import socket

listener = socket.create_server(("127.0.0.1", 9500))
client, _ = listener.accept()
os.kill(os.getpid(), signal.SIGSTOP)
