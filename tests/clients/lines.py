"""Sends each line of its standard input and prints what comes back, as the clients of the course do.

Usage: lines.py HOST PORT [newline]    with `newline`, each message ends with one
"""
import socket
import sys

ending = "\n" if "newline" in sys.argv else ""
with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as server:
    for line in sys.stdin:
        server.sendall((line.rstrip("\n") + ending).encode())
        answer = server.recv(2048).decode()
        if not answer:
            break
        print(answer, end="" if answer.endswith("\n") else "\n", flush=True)
    server.shutdown(socket.SHUT_WR)
    print(server.recv(2048).decode(), end="")
