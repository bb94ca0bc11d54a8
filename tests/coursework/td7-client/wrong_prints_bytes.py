"""Prints what comes as Python shows bytes: b'...' with the line end as a backslash and an n
instead of the text."""
import os
import socket
import sys

if len(sys.argv) != 3:
    print("Usage:", sys.argv[0], "hote port")
    sys.exit(1)
sockaddr = (sys.argv[1], int(sys.argv[2]))


def show(data):
    print(data, flush=True)


def converse(server):
    while line := os.read(0, 4096):
        server.sendall(line)
        data = server.recv(4096)
        if not data:
            return
        show(data)
    server.shutdown(socket.SHUT_WR)
    while data := server.recv(4096):  # what came in more pieces than lines
        show(data)


with socket.create_connection(sockaddr) as server:
    print("connected to:", sockaddr, flush=True)
    try:
        converse(server)
    except ConnectionError:
        print("the server has broken off", file=sys.stderr)
        sys.exit(1)
