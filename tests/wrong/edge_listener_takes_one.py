"""An epoll loop with an edge-triggered listener that accepts once at each event: of clients that come
together, some are overlooked until another one comes."""
import select
import socket

listener = socket.create_server(("127.0.0.1", 9500))
epoll = select.epoll()
epoll.register(listener, select.EPOLLIN | select.EPOLLET)
clients = {}
while True:
    for fd, _ in epoll.poll():
        if fd == listener.fileno():
            client, _ = listener.accept()
            clients[client.fileno()] = client
            epoll.register(client, select.EPOLLIN)
            continue
        try:
            data = clients[fd].recv(65536)
            clients[fd].sendall(data)
        except OSError:
            data = b""
        if not data:
            clients.pop(fd).close()
