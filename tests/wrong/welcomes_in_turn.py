"""One client at a time, and each is greeted first."""
import socket

with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        client, _ = listener.accept()
        with client:
            lines = client.makefile("rb")
            if lines.readline():
                client.sendall(b"WELCOME\n")
            for line in lines:
                client.sendall(line)
