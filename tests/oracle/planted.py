#!/usr/bin/env python3
"""The same calculator with one planted fault, or none: planted.py FAULT.

precedence, negative, overflow, spaces, packet (only the first request of one counts), split (what
has come is taken for a whole request), swapped (the answer goes to whoever connected last), empty
(the line ends the session), late (one answer more, 0.15 s later), chance (one answer in three is another one), history (after 40 answers
all are wrong)
"""
import itertools
import re
import socket
import sys
import threading

FAULT = sys.argv[1]
clients = []
counted = itertools.count()


def value_of(words):
    if FAULT == "precedence":
        total = int(words[0])
        for sign, word in zip(words[1::2], words[2::2]):
            total = {"+": total + int(word), "-": total - int(word), "*": total * int(word)}[sign]
        return total
    total, sign = 0, 1
    while words:
        value = int(words.pop(0))
        while words and words[0] == "*":
            value *= int(words[1])
            del words[:2]
        total += sign * value
        if words:
            sign = {"+": 1, "-": -1}[words.pop(0)]
    return total


def answer(line):
    number = next(counted)
    if FAULT == "spaces" and "  " in line:
        return "ERROR\n"
    number_word = r"\d+" if FAULT == "negative" else r"-?\d+"
    found = re.fullmatch(rf"\s*({number_word})(?:\s*([-+*])\s*({number_word}))(?:\s*([-+*])\s*({number_word}))?\s*", line)
    if not found:
        return "ERROR\n"
    value = value_of([word for word in found.groups() if word is not None])
    if FAULT == "overflow":
        value = (value + 2**31) % 2**32 - 2**31
    if FAULT == "history" and number > 40:
        value += 1
    if FAULT == "chance" and number % 3 == 2:
        value += 1
    return f"{value}\n"


def send_late(client):
    try:
        client.sendall(b"late\n")
    except OSError:
        pass  # it has gone


def serve(client):
    kept = b""
    while data := client.recv(4096):
        kept += data
        lines = kept.split(b"\n")
        kept = lines.pop()
        if FAULT == "split" and kept:
            lines.append(kept)
            kept = b""
        for line in lines[:1] if FAULT == "packet" else lines:
            if FAULT == "empty" and not line.strip():
                client.close()
                return
            to = clients[-1] if FAULT == "swapped" else client
            to.sendall(answer(line.decode("latin-1")).encode())
            if FAULT == "late":
                threading.Timer(0.15, send_late, [client]).start()
    client.close()


server = socket.create_server(("127.0.0.1", 2022), backlog=64)
while True:
    clients.append(server.accept()[0])
    threading.Thread(target=serve, args=(clients[-1],), daemon=True).start()
