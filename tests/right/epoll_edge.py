"""One loop over epoll, edge-triggered: each edge is followed until there is nothing more."""
import select
import socket

from looped import Clients

listener = socket.create_server(("127.0.0.1", 9500))
clients = Clients(listener)
epoll = select.epoll()
epoll.register(listener, select.EPOLLIN)


def drain(fd):
    """False once the client has left."""
    while clients.wants_more(fd):
        try:
            data = clients.sockets[fd].recv(65536)
        except BlockingIOError:
            return True
        except ConnectionError:
            return False
        clients.outgoing[fd] += data
        if not data or not clients.send(fd):
            return False
    return True


while True:
    for fd, _ in epoll.poll():
        if fd == listener.fileno():
            client = clients.accept()
            if client is not None:
                epoll.register(client, select.EPOLLIN | select.EPOLLOUT | select.EPOLLET)
        elif not clients.send(fd) or not drain(fd):
            clients.close(fd)
