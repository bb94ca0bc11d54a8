"""Prints a megabyte for each line that it is sent."""
import socket
import threading

LOG = ("x" * 99 + "\n") * 10000


def serve(client):
    with client:
        try:
            while data := client.recv(4096):
                if b"\n" in data:
                    print(LOG, end="", flush=True)
                client.sendall(data)
        except ConnectionError:
            pass


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
