"""Closes after the first message."""
import socket
import threading


def serve(client):
    with client:
        try:
            client.sendall(client.recv(400000))
        except ConnectionError:
            pass


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
