"""One client at a time; that it has left is not noticed, as an empty recv() is taken for nothing yet."""
import socket

with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        client, _ = listener.accept()
        while True:
            try:
                data = client.recv(4096)
                client.sendall(data)
            except ConnectionError:
                break
        client.close()
