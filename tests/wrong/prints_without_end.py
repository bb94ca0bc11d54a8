"""Prints without end, and serves."""
import os
import socket
import threading


def serve(client):
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except ConnectionError:
            pass



def chatter():
    while True:
        os.write(1, b"still here\n" * 100)


threading.Thread(target=chatter, daemon=True).start()
with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
