"""Holds one lock while it waits for a client."""
import socket
import threading

lock = threading.Lock()


def serve(client):
    with client:
        try:
            while True:
                with lock:
                    data = client.recv(4096)
                if not data:
                    return
                client.sendall(data)
        except ConnectionError:
            pass


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
