"""Does not look for the end of the stream, as the listing: to a client that has ended its side
it sends "server got: " for ever at full speed."""
import socket
import sys


def messages_of(client):
    """A client without newlines is taken at its receives, one that sends lines at its lines."""
    pending = b""
    sends_lines = False
    while data := client.recv(1024):
        pending += data
        sends_lines = sends_lines or b"\n" in pending
        if not sends_lines:
            yield pending
            pending = b""
        while b"\n" in pending:
            line, _, pending = pending.partition(b"\n")
            yield line + b"\n"
    if pending:
        yield pending


def converse(client):
    while True:
        message = client.recv(1024)
        print('received "%s"' % message.decode("latin1").rstrip(), file=sys.stderr)
        print("sending data back to the client", file=sys.stderr)
        client.sendall(b"server got: " + message)


with socket.socket() as listener:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("", 12345))
    listener.listen(1)
    client, address = listener.accept()
    print("Got connection from %s" % str(address), file=sys.stderr)
    try:
        converse(client)
    except ConnectionError:
        pass
    client.close()
