"""Has room for 1024 bytes: what is longer is cut."""
import socket
import sys

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.bind(("", int(sys.argv[1])))
    while True:
        data, client = server.recvfrom(1024)
        server.sendto(data, client)
