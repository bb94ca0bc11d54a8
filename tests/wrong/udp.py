"""Serves datagrams."""
import socket

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.bind(("127.0.0.1", 9500))
    while True:
        data, client = server.recvfrom(4096)
        server.sendto(data, client)
