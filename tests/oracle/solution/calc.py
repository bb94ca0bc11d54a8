#!/usr/bin/env python3
"""The reference: sums and products of whole numbers, a line each."""
import re
import socket
import sys
import threading

WORD = re.compile(rb"\s*(?:(?P<number>-?\d+)|(?P<name>\S))")


def words_of(line):
    """Numbers and signs; a minus behind a number is a sign."""
    words = []
    line = line.strip()
    while line:
        found = WORD.match(line)
        number = found["number"]
        if number and number.startswith(b"-") and words and isinstance(words[-1], int):
            words.append("-")
            line = line[line.index(b"-") + 1:]
            continue
        words.append(int(number) if number else found["name"].decode("latin-1"))
        line = line[found.end():]
    return words


def product(words):
    value = words.pop(0)
    if not isinstance(value, int):
        raise ValueError
    while words and words[0] == "*":
        value *= words[1]
        del words[:2]
    return value


def answer(line):
    words = words_of(line)
    try:
        value = product(words)
        while words:
            sign = {"+": 1, "-": -1}[words.pop(0)]
            value += sign * product(words)
        return b"%d\n" % value
    except (ValueError, KeyError, IndexError, TypeError):
        return b"ERROR\n"


def serve(client):
    with client, client.makefile("rb") as lines:
        for line in lines:
            client.sendall(answer(line))


server = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
while True:
    threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
