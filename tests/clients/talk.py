"""Sends each line of its standard input, stops after "fin", and never reads: the client of TP1.

Usage: talk.py HOST PORT
"""
import socket
import sys

server = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    server.sendall(line.rstrip("\n").encode())
    if line.strip().lower() == "fin":
        break
assert server.recv(1) == b"", "the server has not left"
server.close()
