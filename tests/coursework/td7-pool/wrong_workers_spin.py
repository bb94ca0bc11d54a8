"""The first thread accepts, and the others look into its list again and again: right for every
client, and a whole processor is used while nobody is there."""
import os
import socket
import threading

waiting = []


def echo(client):
    try:
        while data := client.recv(4096):
            client.sendall(data)
    except ConnectionError:
        pass


def work():
    while True:
        try:
            client = waiting.pop(0)
        except IndexError:
            continue
        echo(client)
        client.close()


listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", 2009))
listener.listen()
workers = [threading.Thread(target=work) for _ in range(os.cpu_count())]
for worker in workers:
    worker.start()
while True:
    waiting.append(listener.accept()[0])
