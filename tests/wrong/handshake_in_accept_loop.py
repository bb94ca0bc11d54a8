"""Asks each client for its name before it goes on accepting: one that says nothing keeps all waiting."""
import socket
import threading


def serve(client):
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except ConnectionError:
            pass


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        connection.sendall(b"your name?\n")
        connection.sendall(b"hello " + connection.recv(4096))
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
