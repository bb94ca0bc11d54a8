"""Answers and closes after some work, which it does in slices of sleep."""
import socket
import threading
import time


def work():
    for _ in range(10):
        time.sleep(0.01)


def serve(client):
    with client:
        try:
            while data := client.recv(65536):
                work()
                client.sendall(data)
            work()
        except ConnectionError:
            pass


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
