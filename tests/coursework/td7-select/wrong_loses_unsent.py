"""Sends without blocking, and forgets what send() does not take: a client that reads late gets
less back than it said."""
import select
import socket

unsent = {}  # of each client, what is still to be sent back; nothing is read before it is


def receive(client):
    try:
        data = client.recv(4096)
    except ConnectionError:
        data = b""
    if data:
        try:
            client.send(data)
        except BlockingIOError:
            pass
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
listener.bind(("127.0.0.1", 2003))
listener.listen()
while True:
    readers = [listener] + [client for client in unsent if not unsent[client]]
    writers = [client for client in unsent if unsent[client]]
    readable, writable, _ = select.select(readers, writers, [])
    for one in readable:
        if one is listener:
            welcome()
        else:
            receive(one)
    for client in writable:
        send(client)
