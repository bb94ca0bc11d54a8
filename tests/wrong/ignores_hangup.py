"""Leaves those alone who have hung up, and poll() tells of them again and again."""
import os
import select
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "right"))
from looped import Clients

listener = socket.create_server(("127.0.0.1", 9500))
clients = Clients(listener)
poll = select.poll()
poll.register(listener, select.POLLIN)


def watch(fd):
    events = select.POLLIN if clients.wants_more(fd) else 0
    poll.register(fd, events | (select.POLLOUT if clients.outgoing[fd] else 0))


while True:
    for fd, events in poll.poll():
        if fd == listener.fileno():
            client = clients.accept()
            if client is not None:
                watch(client.fileno())
        elif events & (select.POLLHUP | select.POLLERR):
            continue
        elif (not events & select.POLLOUT or clients.send(fd)) and (
                not events & select.POLLIN or clients.receive(fd)):
            watch(fd)
        else:
            poll.unregister(fd)
            clients.close(fd)
