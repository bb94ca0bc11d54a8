"""select() over as many clients as come: past 1024 descriptors it raises."""
import os
import select
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "right"))
from looped import Clients

listener = socket.create_server(("127.0.0.1", 9500))
clients = Clients(listener)
while True:
    readable = [listener] + [fd for fd in clients.sockets if clients.wants_more(fd)]
    ready, roomy, _ = select.select(readable, [fd for fd in clients.sockets if clients.outgoing[fd]], [])
    for fd in roomy:
        if not clients.send(fd):
            clients.close(fd)
    for fd in ready:
        if fd is listener:
            clients.accept()
        elif fd in clients.sockets and not clients.receive(fd):
            clients.close(fd)
