"""A pool of 64 threads, started one by one when none is free: they stay when their clients leave."""
import socket
from concurrent.futures import ThreadPoolExecutor


def serve(client):
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except ConnectionError:
            pass


with ThreadPoolExecutor(max_workers=64) as pool, socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        pool.submit(serve, connection)
