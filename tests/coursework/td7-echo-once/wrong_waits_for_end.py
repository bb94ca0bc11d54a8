"""Collects all until the client has ended, and answers then: a client that waits for its answer
before it says more waits for ever."""
import socket


def echo(client):
    everything = b""
    while data := client.recv(4096):
        everything += data
    client.sendall(everything)


with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 2000))
    listener.listen()
    client, (address, port) = listener.accept()
    print("Connected by application: %d on machine: %s" % (port, address), flush=True)
    with client:
        try:
            echo(client)
        except ConnectionError:
            pass
