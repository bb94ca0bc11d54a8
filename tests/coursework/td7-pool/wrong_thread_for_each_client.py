"""Starts a thread for each client when it comes: not a pool, and as many threads as clients."""
import socket
import threading


def echo(client):
    try:
        while data := client.recv(4096):
            client.sendall(data)
    except ConnectionError:
        pass


def work(client):
    echo(client)
    client.close()


listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", 2009))
listener.listen()
while True:
    client, _ = listener.accept()
    threading.Thread(target=work, args=(client,), daemon=True).start()
