"""One loop over poll()."""
import select
import socket

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
        elif (not events & select.POLLOUT or clients.send(fd)) and (
                not events & ~select.POLLOUT or clients.receive(fd)):
            watch(fd)
        else:
            poll.unregister(fd)
            clients.close(fd)
