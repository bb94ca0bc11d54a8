"""Watches a client for room to send from its first answer on, and then for ever."""
import os
import select
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "right"))
from looped import Clients

listener = socket.create_server(("127.0.0.1", 9500))
clients = Clients(listener)
epoll = select.epoll()
epoll.register(listener, select.EPOLLIN)
while True:
    for fd, events in epoll.poll():
        if fd == listener.fileno():
            client = clients.accept()
            if client is not None:
                epoll.register(client, select.EPOLLIN)
        elif not clients.send(fd) or events & select.EPOLLIN and not clients.receive(fd):
            clients.close(fd)
        else:
            epoll.modify(fd, select.EPOLLIN | select.EPOLLOUT)
