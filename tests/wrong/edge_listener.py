"""Watches its listener edge-triggered, and takes one client for each event, which may stand for
several."""
import os
import select
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "right"))
from looped import Clients

listener = socket.create_server(("127.0.0.1", 9500), backlog=128)
clients = Clients(listener)
epoll = select.epoll()
epoll.register(listener, select.EPOLLIN | select.EPOLLET)
while True:
    for fd, _ in epoll.poll():
        if fd == listener.fileno():
            client = clients.accept()
            if client is not None:
                epoll.register(client, select.EPOLLIN)
        elif not clients.send(fd) or clients.wants_more(fd) and not clients.receive(fd):
            epoll.unregister(fd)
            clients.close(fd)
        else:
            readable = select.EPOLLIN if clients.wants_more(fd) else 0
            epoll.modify(fd, readable | (select.EPOLLOUT if clients.outgoing[fd] else 0))
