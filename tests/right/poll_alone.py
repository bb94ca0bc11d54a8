"""A loop around poll(), in a single file; nothing is read of a client that does not read."""
import select
import socket

listener = socket.create_server(("127.0.0.1", 9500), backlog=128)
listener.setblocking(False)
poll = select.poll()
poll.register(listener, select.POLLIN)
clients = {}  # by descriptor
unsent = {}


def welcome():
    try:
        connection, _ = listener.accept()
    except OSError:
        return
    connection.setblocking(False)
    clients[connection.fileno()] = connection
    unsent[connection.fileno()] = b""
    poll.register(connection, select.POLLIN)


def leave(number):
    poll.unregister(number)
    del unsent[number]
    clients.pop(number).close()


def serve(number):
    if not unsent[number]:
        unsent[number] = clients[number].recv(65536)
        if not unsent[number]:
            leave(number)
            return
    try:
        unsent[number] = unsent[number][clients[number].send(unsent[number]):]
    except BlockingIOError:
        pass
    poll.modify(number, select.POLLOUT if unsent[number] else select.POLLIN)


while True:
    for number, _ in poll.poll():
        if number == listener.fileno():
            welcome()
            continue
        try:
            serve(number)
        except BlockingIOError:
            pass
        except ConnectionError:
            leave(number)
