"""The pool has one thread: the second client waits until the first has left."""
import socket
import threading


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


listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", 2009))
listener.listen()
workers = [threading.Thread(target=work) for _ in range(1)]
for worker in workers:
    worker.start()
for worker in workers:
    worker.join()
