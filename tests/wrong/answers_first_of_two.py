"""Answers one message for each recv(), and loses the second of two that come together."""
import socket
import threading


def serve(client):
    with client:
        rest = b""
        try:
            while data := client.recv(400000):
                line, end, rest = (rest + data).partition(b"\n")
                if end:
                    client.sendall(line + end)
                    rest = b""
                else:
                    rest = line
        except ConnectionError:
            pass


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
