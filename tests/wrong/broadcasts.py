"""Tells everybody what one has said, and waits for those that do not listen."""
import socket
import threading

clients = []


def serve(client):
    clients.append(client)
    try:
        while data := client.recv(4096):
            for other in list(clients):
                try:
                    other.sendall(data)
                except OSError:
                    pass  # it has left
    except ConnectionError:
        pass
    clients.remove(client)
    client.close()


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
