"""One loop over select() that wakes up twice a second; more clients than it knows are refused."""
import select
import socket

from looped import Clients

listener = socket.create_server(("127.0.0.1", 9500))
clients = Clients(listener)
while True:
    readable = [listener] + [fd for fd in clients.sockets if clients.wants_more(fd)]
    writable = [fd for fd in clients.sockets if clients.outgoing[fd]]
    ready, roomy, _ = select.select(readable, writable, [], 0.5)
    for fd in roomy:
        if not clients.send(fd):
            clients.close(fd)
    for fd in ready:
        if fd is listener:
            client = clients.accept()
            if client is not None and client.fileno() >= 1024:
                clients.close(client.fileno())
        elif fd in clients.sockets and not clients.receive(fd):
            clients.close(fd)
