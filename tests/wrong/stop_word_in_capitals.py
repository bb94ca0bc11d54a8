"""Waits for the stop word in capitals."""
import socket
import threading


def serve(client):
    rest = b""
    with client:
        try:
            while data := client.recv(65536):
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    if line == b"FIN":
                        return
                    client.sendall(line + b"\n")
        except ConnectionError:
            pass


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
