"""Counts down before it listens."""
import socket
import threading
import time


def serve(client):
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except ConnectionError:
            pass


for seconds in range(8, 0, -1):
    print(seconds, flush=True)
    time.sleep(0.1)
with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
