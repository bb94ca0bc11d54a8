"""Waits for more after each message, and drops the answer if the end comes first."""
import socket
import threading


def serve(client):
    with client:
        pending = b""
        try:
            while data := client.recv(400000):
                client.settimeout(0.2)  # long beside the moment between a message and its end
                pending = data
                try:
                    while more := client.recv(400000):
                        pending += more
                except TimeoutError:
                    client.settimeout(None)
                    client.sendall(pending)
                    continue
                return
        except ConnectionError:
            pass


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
