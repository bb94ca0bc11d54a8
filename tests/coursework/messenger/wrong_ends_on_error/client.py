"""A messenger's client: one thread shows what comes, the other sends what is typed."""
import getpass
import os
import socket
import sys
import threading


def show(server):
    for line in server.makefile(encoding="utf-8"):
        print(line, end="", flush=True)
    os._exit(0)


def main():
    name = input("Username: ")
    password = getpass.getpass("Password: ")
    server = socket.create_connection((sys.argv[1], int(sys.argv[2])))
    server.sendall(f"{name}\n{password}\n".encode())
    threading.Thread(target=show, args=(server,), daemon=True).start()
    for line in sys.stdin:
        server.sendall(line.encode())


main()
