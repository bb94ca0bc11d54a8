"""Takes an empty datagram for the end, as over TCP."""
import socket
import sys

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.bind(("", int(sys.argv[1])))
    while True:
        data, client = server.recvfrom(65536)
        if not data:
            break
        server.sendto(data, client)
