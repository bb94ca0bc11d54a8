"""SIGTERM ends the parent only: its workers go on serving, and hold the port."""
import os
import signal
import socket

children = set()


def stop(*_):
    os._exit(0)


def echo(client):
    try:
        while data := client.recv(4096):
            client.sendall(data)
    except ConnectionError:
        pass


def work():
    while True:
        client, _ = listener.accept()
        echo(client)
        client.close()


def start_worker():
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # until it is in the list
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        work()
    children.add(child)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", 2008))
listener.listen()
signal.signal(signal.SIGTERM, stop)
for _ in range(os.cpu_count()):
    start_worker()
while True:
    ended, _ = os.wait()
    children.discard(ended)
    start_worker()
