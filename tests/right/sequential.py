"""One client after the other: accept, serve to the end, accept again."""
import socket

with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        client, _ = listener.accept()
        with client:
            try:
                while data := client.recv(4096):
                    client.sendall(data)
            except ConnectionError:
                pass  # this client has gone; the next one waits
