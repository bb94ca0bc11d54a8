"""One loop over whatever selectors finds best."""
import selectors
import socket

selector = selectors.DefaultSelector()
listener = socket.create_server(("127.0.0.1", 9500))


def accept():
    client = listener.accept()[0]
    selector.register(client, selectors.EVENT_READ, lambda: serve(client))


def serve(client):
    if data := client.recv(4096):
        client.sendall(data)
    else:
        selector.unregister(client)
        client.close()


selector.register(listener, selectors.EVENT_READ, accept)
while True:
    for key, _ in selector.select():
        key.data()
