"""Fills the queues of connections with itself that nobody reads, 2 GB of them. Then it serves."""
import socket

kept = []
with socket.create_server(("127.0.0.1", 9501), backlog=64) as other:
    for _ in range(500):
        kept.append(socket.create_connection(("127.0.0.1", 9501)))
        kept.append(other.accept()[0])
        kept[-2].setblocking(False)
        try:
            while True:
                kept[-2].send(b"x" * 65536)
        except OSError:
            pass
print("holds 2 GB")

with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        client, _ = listener.accept()
        with client:
            while data := client.recv(4096):
                client.sendall(data)
