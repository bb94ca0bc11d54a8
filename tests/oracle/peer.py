#!/usr/bin/env python3
"""Answers each line with the line and the client's port: peer.py PORT BESIDE, where BESIDE is added
to the client's. Or `numbered`: with the number of the answer, of all clients together."""
import itertools
import socket
import sys
import threading


numbers = itertools.count()


def serve(client):
    with client, client.makefile("rb") as lines:
        for line in lines:
            is_numbered = sys.argv[2] == "numbered"
            own = next(numbers) if is_numbered else client.getpeername()[1] + int(sys.argv[2])
            client.sendall(b"%s <%d> of %d\n" % (line.strip(), own, len(line)))


server = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
while True:
    threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
