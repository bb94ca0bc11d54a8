"""One loop over whatever selectors finds best."""
import selectors
import socket

from looped import Clients

selector = selectors.DefaultSelector()
listener = socket.create_server(("127.0.0.1", 9500))
clients = Clients(listener)
selector.register(listener, selectors.EVENT_READ)


def watch(fd):
    events = selectors.EVENT_READ if clients.wants_more(fd) else 0
    selector.modify(fd, events | (selectors.EVENT_WRITE if clients.outgoing[fd] else 0))


while True:
    for key, events in selector.select():
        if key.fileobj is listener:
            client = clients.accept()
            if client is not None:
                selector.register(client.fileno(), selectors.EVENT_READ)
        elif (not events & selectors.EVENT_WRITE or clients.send(key.fd)) and (
                not events & selectors.EVENT_READ or clients.receive(key.fd)):
            watch(key.fd)
        else:
            selector.unregister(key.fd)
            clients.close(key.fd)
