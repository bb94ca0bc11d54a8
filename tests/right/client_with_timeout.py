"""Clients that are silent for ten minutes are sent away: their sockets have a time-out."""
import socket
import threading


def serve(client):
    client.settimeout(600)
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except OSError:
            pass


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
