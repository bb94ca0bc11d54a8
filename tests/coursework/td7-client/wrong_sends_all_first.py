"""Reads the keyboard to its end before it sends anything: nobody is answered while he types."""
import os
import socket
import sys

if len(sys.argv) != 3:
    print("Usage:", sys.argv[0], "hote port")
    sys.exit(1)
sockaddr = (sys.argv[1], int(sys.argv[2]))


def show(data):
    while data:
        data = data[os.write(1, data):]


def converse(server):
    server.sendall(sys.stdin.buffer.read())
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
