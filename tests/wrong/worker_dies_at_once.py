"""Accepts everybody, each in a thread that ends at once with an exception; the connections stay."""
import socket
import threading

clients = []


def serve(client):
    print("serving", client[0])  # a socket has no [0]


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        clients.append(listener.accept()[0])
        threading.Thread(target=serve, args=(clients[-1],), daemon=True).start()
