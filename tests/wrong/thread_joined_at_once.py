"""A thread for each client, and each is waited for at once: sequential in disguise."""
import socket
import threading


def serve(client):
    with client:
        while data := client.recv(4096):
            client.sendall(data)


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        thread = threading.Thread(target=serve, args=(connection,))
        thread.start()
        thread.join()
