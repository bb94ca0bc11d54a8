"""Keeps what has come of a line for all clients together: a rest of one stays for the next."""
import socket
import threading

rest = b""


def serve(client):
    global rest
    with client:
        try:
            while data := client.recv(65536):
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    client.sendall(line + b"\n")
        except ConnectionError:
            pass


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
