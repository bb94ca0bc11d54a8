#!/usr/bin/env python3
"""What is computed is kept in 32 bits, as an int of C or Java."""
import selectors
import socket

OPERATIONS = {"ADD": int.__add__, "SUB": int.__sub__, "MULT": int.__mul__}


def answer(line):
    words = line.split()
    if words == [b"CONNECTION", b"END"]:
        return b"welcome add sub mult end\n"
    if len(words) != 5 or words[0] != b"CALC" or words[4] != b"END":
        return b"ERROR REQUEST END\n"
    operation = OPERATIONS.get(words[1].decode("latin-1"))
    if operation is None:
        return b"ERROR OPERATION END\n"
    if not all(word.removeprefix(b"-").isdigit() for word in words[2:4]):
        return b"ERROR NUMBER END\n"
    result = operation(int(words[2]), int(words[3]))
    return b"RESULT %d END\n" % ((result + 2**31) % 2**32 - 2**31)


def hear(client, kept):
    data = client.recv(4096)
    kept += data
    while b"\n" in kept:
        line, _, rest = bytes(kept).partition(b"\n")
        kept[:] = rest
        if line.split() == [b"QUIT", b"END"]:
            return False
        client.sendall(answer(line))
    return bool(data)


waiting = selectors.DefaultSelector()
server = socket.create_server(("127.0.0.1", 2021), backlog=64)
waiting.register(server, selectors.EVENT_READ)
while True:
    for key, _ in waiting.select():
        if key.fileobj is server:
            waiting.register(server.accept()[0], selectors.EVENT_READ, bytearray())
        elif not hear(key.fileobj, key.data):
            waiting.unregister(key.fileobj)
            key.fileobj.close()
