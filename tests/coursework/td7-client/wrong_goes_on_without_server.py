"""Does not notice that the server has closed: it goes on asking for lines, and sends them to
nobody."""
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
    while line := os.read(0, 4096):
        try:
            server.sendall(line)
            data = server.recv(4096)
        except ConnectionError:
            data = b""
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
