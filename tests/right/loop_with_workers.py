"""An epoll loop that receives and sends, and three threads that work out the answers."""
import os
import queue
import select
import socket
import threading

from looped import Clients

work = queue.SimpleQueue()
answers = queue.SimpleQueue()
wake_out, wake_in = os.pipe()


def work_out():
    while True:
        fd, connection, data = work.get()
        answers.put((fd, connection, data))
        os.write(wake_in, b"!")


for _ in range(3):
    threading.Thread(target=work_out, daemon=True).start()
listener = socket.create_server(("127.0.0.1", 9500))
clients = Clients(listener)
at_work = {}  # how many answers a client still waits for, and whether it has ended its side
epoll = select.epoll()
epoll.register(listener, select.EPOLLIN)
epoll.register(wake_out, select.EPOLLIN)


def close(fd):
    epoll.unregister(fd)
    clients.close(fd)
    del at_work[fd]


def watch(fd):
    waiting, has_ended = at_work[fd]
    if has_ended and waiting == 0 and not clients.outgoing[fd]:
        close(fd)
        return
    reads = not has_ended and waiting < 16 and clients.wants_more(fd)
    epoll.modify(fd, (select.EPOLLIN if reads else 0) |
                 (select.EPOLLOUT if clients.outgoing[fd] else 0))


def receive(fd):
    try:
        data = clients.sockets[fd].recv(65536)
    except BlockingIOError:
        return
    except ConnectionError:
        close(fd)
        return
    waiting, has_ended = at_work[fd]
    at_work[fd] = (waiting + bool(data), has_ended or not data)
    if data:
        work.put((fd, clients.sockets[fd], data))
    watch(fd)


def hand_out():
    os.read(wake_out, 4096)
    while not answers.empty():
        fd, connection, data = answers.get()
        if clients.sockets.get(fd) is not connection:
            continue  # it has left meanwhile
        waiting, has_ended = at_work[fd]
        at_work[fd] = (waiting - 1, has_ended)
        clients.outgoing[fd] += data
        if clients.send(fd):
            watch(fd)
        else:
            close(fd)


while True:
    for fd, events in epoll.poll():
        if fd == listener.fileno():
            client = clients.accept()
            if client is not None:
                at_work[client.fileno()] = (0, False)
                epoll.register(client.fileno(), select.EPOLLIN)
        elif fd == wake_out:
            hand_out()
        elif events & (select.EPOLLHUP | select.EPOLLERR):
            close(fd)
        elif events & select.EPOLLOUT and not clients.send(fd):
            close(fd)
        elif events & select.EPOLLIN:
            receive(fd)
        else:
            watch(fd)
