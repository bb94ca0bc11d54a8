"""Computes each answer for a while, so that of many clients all wait and none is refused."""
import socket
import threading
import time


def compute():
    end = time.thread_time() + 0.1
    while time.thread_time() < end:
        sum(range(20000))


def serve(client):
    with client:
        try:
            while data := client.recv(65536):
                compute()
                client.sendall(data)
        except ConnectionError:
            pass


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
