"""Expects a name and a password, and ends with an exception when a client says something else."""
import socket

with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        client, _ = listener.accept()
        user, password = client.recv(1024).decode().split(":")
        client.sendall(b"welcome " + user.encode())
        client.close()
