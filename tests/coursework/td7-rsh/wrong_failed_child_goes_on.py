"""A child whose command does not exist does not end: it goes on in the server's loop, a second
server."""
import os
import select
import socket

clients = {}  # by socket


class Client:
    def __init__(self, connection):
        self.connection = connection
        self.pending = b""
        self.at_end = False
        self.child = None  # the command that runs, and the descriptor that tells when it has ended
        self.child_end = None


def welcome():
    connection, (address, port) = listener.accept()
    print("Incoming connection from %s on port %d..." % (address, port), flush=True)
    clients[connection] = Client(connection)


def leave(client):
    print("NULL message. Closing connection...", flush=True)
    client.connection.close()
    del clients[client.connection]


def become(words, output):
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    try:
        os.execvp(words[0], words)
    except (OSError, ValueError):
        os.write(2, words[0] + b": no such command\n")


def start(client, words):
    child = os.fork()
    if child == 0:
        become(words, client.connection.fileno())
        return
    client.child = child
    client.child_end = os.pidfd_open(child)


def finish(client):
    os.waitpid(client.child, 0)
    os.close(client.child_end)
    client.child = client.child_end = None


def obey(client, line):
    words = line.split()
    if words:
        start(client, words)
    else:
        client.connection.sendall(b": no such command\n")


def go_on(client):
    """Starts what is there to be started, as far as nothing runs."""
    while client.child is None:
        line, newline, rest = client.pending.partition(b"\n")
        if not newline and not (client.at_end and line):
            break
        client.pending = rest
        obey(client, line)
    if client.child is None and client.at_end:
        leave(client)


def receive(client):
    try:
        data = client.connection.recv(4096)
    except ConnectionError:
        data = b""
        client.pending = b""
    client.pending += data
    client.at_end = not data


def turn(client):
    try:
        go_on(client)
    except ConnectionError:
        leave(client)


listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", 2006))
listener.listen()
print("server listening on port:", 2006, flush=True)
first = True
while first or clients:
    first = False
    running = {client.child_end: client for client in clients.values() if client.child}
    idle = [connection for connection in clients if clients[connection].child is None]
    readable, _, _ = select.select([listener, *idle, *running], [], [])
    for one in readable:
        if one is listener:
            welcome()
        elif one in running:
            finish(running[one])
            turn(running[one])
        else:
            receive(clients[one])
            turn(clients[one])
listener.close()
print("Last connection closed. Bye!", flush=True)
