"""A pool of four threads: the fifth client waits until one has left."""
import socket
from concurrent.futures import ThreadPoolExecutor


def serve(client):
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except ConnectionError:
            pass


with ThreadPoolExecutor(max_workers=4) as pool, socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        pool.submit(serve, connection)
