"""A thread for each client, which works for a while before it receives anything."""
import socket
import threading
import time


def serve(client):
    time.sleep(0.5)
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except ConnectionError:
            pass


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
