"""Listens, and never accepts."""
import socket
import time

with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        time.sleep(3600)
