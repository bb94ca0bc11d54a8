"""One loop over poll()."""
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
        elif data := clients[fd].recv(4096):
            clients[fd].sendall(data)
        else:
            poll.unregister(fd)
            clients.pop(fd).close()
