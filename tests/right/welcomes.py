"""A thread per client, and each is greeted first."""
import socket
import threading


def serve(client):
    with client:
        lines = client.makefile("rb")
        if lines.readline():
            client.sendall(b"WELCOME\n")
        for line in lines:
            client.sendall(line)


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
