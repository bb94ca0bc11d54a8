"""One loop over poll() that wakes up three times a second."""
import select
import socket

from looped import Clients

listener = socket.create_server(("127.0.0.1", 9500))
clients = Clients(listener)
poll = select.poll()
poll.register(listener, select.POLLIN)


def watch(fd):
    reading = select.POLLIN if clients.wants_more(fd) else 0
    poll.modify(fd, reading | (select.POLLOUT if clients.outgoing[fd] else 0))


def serve(fd, events):
    """False once the client has left."""
    if events & select.POLLOUT and not clients.send(fd):
        return False
    return events == select.POLLOUT or clients.receive(fd)


while True:
    for fd, events in poll.poll(300):
        if fd == listener.fileno():
            client = clients.accept()
            if client is not None:
                poll.register(client.fileno(), select.POLLIN)
        elif serve(fd, events):
            watch(fd)
        else:
            poll.unregister(fd)
            clients.close(fd)
