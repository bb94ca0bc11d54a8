"""What the loops over select, poll and epoll have in common: who has said what, and what is still to
be sent to whom. Nothing here waits, so that one client never holds up another."""


class Clients:
    def __init__(self, listener):
        self.listener = listener
        self.listener.setblocking(False)
        self.sockets = {}
        self.outgoing = {}

    def accept(self):
        """The new client's socket, or None if it has gone again."""
        try:
            client, _ = self.listener.accept()
        except OSError:
            return None
        client.setblocking(False)
        self.sockets[client.fileno()] = client
        self.outgoing[client.fileno()] = b""
        return client

    def receive(self, fd):
        """False once the client has left."""
        try:
            data = self.sockets[fd].recv(65536)
        except BlockingIOError:
            return True
        except ConnectionError:
            data = b""
        self.outgoing[fd] += data
        return bool(data) and self.send(fd)

    def send(self, fd):
        """Sends what there is room for; False if nobody is there any more."""
        try:
            while self.outgoing[fd]:
                sent = self.sockets[fd].send(self.outgoing[fd])
                self.outgoing[fd] = self.outgoing[fd][sent:]
        except BlockingIOError:
            pass
        except ConnectionError:
            return False
        return True

    def wants_more(self, fd):
        """Whoever does not read what he asked for is asked for no more."""
        return len(self.outgoing[fd]) < 1 << 20

    def close(self, fd):
        self.sockets.pop(fd).close()
        del self.outgoing[fd]
