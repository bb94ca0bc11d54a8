"""One loop, and sendall() in it: a client that does not read holds up everybody."""
import select
import socket

listener = socket.create_server(("127.0.0.1", 9500))
clients = {}
poll = select.poll()
poll.register(listener, select.POLLIN)
while True:
    for fd, _ in poll.poll():
        if fd == listener.fileno():
            client = listener.accept()[0]
            clients[client.fileno()] = client
            poll.register(client, select.POLLIN)
            continue
        try:
            data = clients[fd].recv(65536)
            clients[fd].sendall(data)
        except OSError:
            data = b""
        if not data:
            poll.unregister(fd)
            clients.pop(fd).close()
