"""Takes the end of a client's stream for an empty message, and answers it again and again."""
import socket
import threading


def serve(client):
    while True:
        try:
            client.sendall(b"%d bytes\n" % len(client.recv(4096)))
        except ConnectionError:
            return


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
