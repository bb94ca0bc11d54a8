"""Takes most of a second of processor time for an answer."""
import socket
import threading
import time


def serve(client):
    with client:
        while data := client.recv(4096):
            end = time.thread_time() + 0.8
            while time.thread_time() < end:
                sum(range(10000))
            client.sendall(data)


listener = socket.create_server(("127.0.0.1", 9500))
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
