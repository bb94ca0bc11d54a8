"""Serves one client after the other."""
import socket
import struct
import sys

MESSAGE = struct.Struct(">cii")


def receive_message(client):
    data = b""
    while len(data) < MESSAGE.size:
        part = client.recv(MESSAGE.size - len(data))
        if not part:
            return None
        data += part
    return MESSAGE.unpack(data)


def mean(prices, first, last):
    chosen = [price for time, price in prices if first <= time <= last]
    return int(sum(chosen) / len(chosen)) if chosen else 0


def serve(client):
    prices = []
    with client:
        while message := receive_message(client):
            kind, one, other = message
            if kind == b"I":
                prices.append((one, other))
            elif kind == b"Q":
                client.sendall(struct.pack(">i", mean(prices, one, other)))
            else:
                break


with socket.create_server(("", int(sys.argv[1]))) as server:
    while True:
        serve(server.accept()[0])
