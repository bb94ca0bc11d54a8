"""A thread prints ten times a second that all is well; others serve."""
import socket
import threading
import time


def beat():
    while True:
        print("all is well", flush=True)
        time.sleep(0.1)


def serve(client):
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except ConnectionError:
            pass


threading.Thread(target=beat, daemon=True).start()
with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
