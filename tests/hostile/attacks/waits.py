"""Answers whole, and each time only after fifteen seconds."""
import socket
import threading
import time


def serve(client):
    try:
        while data := client.recv(1 << 20):
            time.sleep(15)
            client.sendall(data)
    except OSError:
        pass
    client.close()


listener = socket.create_server(("127.0.0.1", 9500), backlog=2000)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],)).start()
