"""Answers the first client for ever, whoever has asked."""
import socket
import sys

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.bind(("", int(sys.argv[1])))
    data, first = server.recvfrom(65536)
    server.sendto(data, first)
    while True:
        data, _ = server.recvfrom(65536)
        server.sendto(data, first)
