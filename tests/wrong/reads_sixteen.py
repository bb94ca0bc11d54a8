"""One client at a time, of which it reads sixteen bytes: closing with the rest unread is a reset."""
import socket

with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        client, _ = listener.accept()
        with client:
            client.sendall(client.recv(16))
