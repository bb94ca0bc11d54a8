#!/usr/bin/env python3
"""The calculator whose answers are right. A request is a line of words, as `CALC ADD 2 3 END`."""
import socket
import sys
import threading

OPERATIONS = {"ADD": lambda a, b: a + b, "SUB": lambda a, b: a - b, "MULT": lambda a, b: a * b}


def number(word):
    """A whole number in decimal digits; ValueError for anything else."""
    if not word.removeprefix("-").isdecimal() or not word.isascii():
        raise ValueError(word)
    return int(word)


def answer(words):
    if words == ["CONNECTION", "END"]:
        return "WELCOME " + " ".join(OPERATIONS) + " END"
    if len(words) != 5 or words[0] != "CALC" or words[4] != "END":
        return "ERROR REQUEST END"
    if words[1] not in OPERATIONS:
        return "ERROR OPERATION END"
    try:
        return f"RESULT {OPERATIONS[words[1]](number(words[2]), number(words[3]))} END"
    except ValueError:
        return "ERROR NUMBER END"


def serve(client):
    with client, client.makefile("rb") as lines:
        for line in lines:
            words = line.decode("latin-1").split()
            if words == ["QUIT", "END"]:
                break
            client.sendall((answer(words) + "\n").encode())


server = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
while True:
    threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
