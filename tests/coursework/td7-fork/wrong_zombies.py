"""Never waits for its children: each client that has left leaves a zombie."""
import os
import signal
import socket

WATCHED = {signal.SIGCHLD, signal.SIGTERM}
children = set()


def stop(*_):
    for child in children:
        os.kill(child, signal.SIGTERM)
    os._exit(0)


def echo(client):
    try:
        while data := client.recv(4096):
            client.sendall(data)
    except ConnectionError:
        pass


def be_child(client):
    for watched in WATCHED:
        signal.signal(watched, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)
    listener.close()
    echo(client)
    os._exit(0)


listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", 2007))
listener.listen()
signal.signal(signal.SIGTERM, stop)
while True:
    client, _ = listener.accept()
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)  # until the child is in the list
    child = os.fork()
    if child == 0:
        be_child(client)
    children.add(child)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)
    client.close()
