"""Asks whoever waited in the queue for his address: one who has gone has none, and all ends."""
import socket

with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        client, _ = listener.accept()
        print("from", client.getpeername())
        with client:
            try:
                while data := client.recv(4096):
                    client.sendall(data)
            except ConnectionError:
                pass
