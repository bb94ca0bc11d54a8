"""Reads the line from the keyboard and goes on."""
import select
import socket
import sys

unsent = {}  # of each client, what is still to be sent back; nothing is read before it is


def receive(client):
    try:
        data = client.recv(4096)
    except ConnectionError:
        data = b""
    if data:
        unsent[client] = data
    else:
        leave(client)


def send(client):
    try:
        count = client.send(unsent[client])
        unsent[client] = unsent[client][count:]
    except ConnectionError:
        leave(client)


def leave(client):
    client.close()
    del unsent[client]


def welcome():
    client, (address, port) = listener.accept()
    if client.fileno() >= 1024:  # select() cannot watch it
        client.close()
        return
    print("connection from:", address, port, flush=True)
    client.setblocking(False)
    unsent[client] = b""


listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", 2004))
listener.listen()
running = True
while running:
    readers = [listener, sys.stdin] + [client for client in unsent if not unsent[client]]
    writers = [client for client in unsent if unsent[client]]
    readable, writable, _ = select.select(readers, writers, [])
    for one in readable:
        if one is listener:
            welcome()
        elif one is sys.stdin:
            sys.stdin.readline()
        else:
            receive(one)
    for client in writable:
        send(client)
for client in unsent:
    client.close()
listener.close()
