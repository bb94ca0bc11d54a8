"""Serves TCP."""
import socket
import sys

with socket.create_server(("", int(sys.argv[1]))) as server:
    while True:
        client, _ = server.accept()
        with client:
            while data := client.recv(65536):
                client.sendall(data)
