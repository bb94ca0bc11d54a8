"""One loop over epoll, edge-triggered, each socket drained."""
import select
import socket

listener = socket.create_server(("127.0.0.1", 9500))
clients = {}
epoll = select.epoll()
epoll.register(listener, select.EPOLLIN)


def drain(client):
    while True:
        try:
            data = client.recv(4096)
        except BlockingIOError:
            return
        if not data:
            clients.pop(client.fileno()).close()
            return
        client.setblocking(True)
        client.sendall(data)
        client.setblocking(False)


while True:
    for fd, _ in epoll.poll():
        if fd == listener.fileno():
            new = listener.accept()[0]
            new.setblocking(False)
            clients[new.fileno()] = new
            epoll.register(new, select.EPOLLIN | select.EPOLLET | select.EPOLLRDHUP)
        elif fd in clients:
            drain(clients[fd])
