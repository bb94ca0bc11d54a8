"""An epoll loop that receives, and three threads that answer."""
import queue
import select
import socket
import threading

work = queue.SimpleQueue()


def answer():
    while True:
        client, data = work.get()
        client.sendall(data)


for _ in range(3):
    threading.Thread(target=answer, daemon=True).start()
listener = socket.create_server(("127.0.0.1", 9500))
clients = {}
epoll = select.epoll()
epoll.register(listener, select.EPOLLIN)
while True:
    for fd, _ in epoll.poll():
        if fd == listener.fileno():
            new = listener.accept()[0]
            clients[new.fileno()] = new
            epoll.register(new, select.EPOLLIN)
        elif received := clients[fd].recv(4096):
            work.put((clients[fd], received))
        else:
            epoll.unregister(fd)
            clients.pop(fd).close()
