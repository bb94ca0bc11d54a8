"""Starts a thread for each client where processes are asked for."""
import os
import signal
import socket
import threading

WATCHED = {signal.SIGCHLD, signal.SIGTERM}
children = set()


def reap(*_):
    while children:
        child, _ = os.waitpid(-1, os.WNOHANG)
        if child == 0:
            break
        children.discard(child)


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


def serve(client):
    echo(client)
    client.close()


listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", 2007))
listener.listen()
signal.signal(signal.SIGCHLD, reap)
signal.signal(signal.SIGTERM, stop)
while True:
    client, _ = listener.accept()
    threading.Thread(target=serve, args=(client,), daemon=True).start()
