"""Binds, and forgets listen()."""
import signal
import socket

listener = socket.socket()
listener.bind(("127.0.0.1", 9500))
while True:
    signal.pause()
