"""A thread waits for the word 'quit' at the keyboard; others serve."""
import os
import socket
import threading


def wait_for_quit():
    while input() != "quit":
        pass
    os._exit(0)


def serve(client):
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except ConnectionError:
            pass


threading.Thread(target=wait_for_quit, daemon=True).start()
with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
