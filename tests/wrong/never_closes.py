"""Threads that forget close(): the other side waits in FIN_WAIT2, this one stays in CLOSE_WAIT."""
import socket
import threading

kept = []


def serve(client):
    kept.append(client)
    try:
        while data := client.recv(4096):
            client.sendall(data)
    except ConnectionError:
        pass


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
