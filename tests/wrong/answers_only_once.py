"""Answers the first message of each client, and listens to the others without a word."""
import socket
import threading


def serve(client):
    with client:
        try:
            client.sendall(client.recv(4096))
            while client.recv(4096):
                pass
        except ConnectionError:
            pass


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
