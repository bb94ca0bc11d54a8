"""Takes an empty recv() for nothing yet: spins for ever once a client has left."""
import socket
import threading


def serve(client):
    while True:
        try:
            data = client.recv(4096)
            if data:
                client.sendall(data)
        except ConnectionError:
            return


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
