"""Answers one line, and closes."""
import socket
import threading


def serve(client):
    with client, client.makefile("rwb") as lines:
        try:
            lines.write(lines.readline())
            lines.flush()
        except ConnectionError:
            pass


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
