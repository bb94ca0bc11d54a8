"""Takes the stop word of one client for its own."""
import os
import socket
import threading


def serve(client):
    with client:
        for line in client.makefile("rb"):
            if line.strip().lower() == b"fin":
                os._exit(0)
            client.sendall(line)


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
