"""Asks for the port before it listens."""
import socket

port = int(input("port? "))
with socket.create_server(("127.0.0.1", port)) as listener:
    listener.accept()
