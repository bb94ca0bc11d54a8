"""Connects its socket to the first client, and hears nobody else."""
import socket
import sys

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.bind(("", int(sys.argv[1])))
    data, client = server.recvfrom(65536)
    server.connect(client)
    server.send(data)
    while True:
        server.send(server.recv(65536))
