"""Has a socket that is bound to no port."""
import socket

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    while True:
        data, client = server.recvfrom(65536)
        server.sendto(data, client)
