"""Decodes what each recv() brings, and encodes it again: half a letter ends the thread."""
import socket
import threading


def serve(client):
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data.decode().encode())
        except ConnectionError:
            pass


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
