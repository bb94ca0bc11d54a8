"""Sends back what it receives instead of printing it."""
import select
import socket

clients = []


def welcome():
    client, (address, port) = listener.accept()
    if client.fileno() >= 1024:  # select() cannot watch it
        client.close()
        return
    clients.append(client)
    print("Incoming connection from %s on port %d..." % (address, port), flush=True)


def leave(client):
    print("NULL message. Closing connection...", flush=True)
    client.close()
    clients.remove(client)


def receive(client):
    try:
        message = client.recv(4096)
    except ConnectionError:
        message = b""
    if message:
        client.sendall(message)
    else:
        leave(client)


listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", 2005))
listener.listen()
print("server listening on port:", 2005, flush=True)
first = True
while first or clients:
    first = False
    readable, _, _ = select.select([listener] + clients, [], [])
    for one in readable:
        if one is listener:
            welcome()
        else:
            receive(one)
listener.close()
print("Last connection closed. Bye!", flush=True)
