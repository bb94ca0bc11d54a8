"""Edge-triggered, and one recv() for each edge: what is left waits for an edge that does not come."""
import select
import socket

listener = socket.create_server(("127.0.0.1", 9500))
epoll = select.epoll()
epoll.register(listener, select.EPOLLIN)
clients = {}
while True:
    for fd, events in epoll.poll():
        if fd == listener.fileno():
            client, _ = listener.accept()
            client.setblocking(False)
            clients[client.fileno()] = client
            epoll.register(client, select.EPOLLIN | select.EPOLLRDHUP | select.EPOLLET)
            continue
        try:
            clients[fd].send(clients[fd].recv(1024))
            has_ended = events & (select.EPOLLRDHUP | select.EPOLLERR)
        except BlockingIOError:
            has_ended = False
        except ConnectionError:
            has_ended = True
        if has_ended:
            clients.pop(fd).close()
