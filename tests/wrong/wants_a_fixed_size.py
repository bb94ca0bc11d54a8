"""Waits until its buffer is full."""
import socket
import threading


def serve(client):
    with client:
        try:
            while data := client.recv(4096, socket.MSG_WAITALL):
                client.sendall(data)
        except ConnectionError:
            pass


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
