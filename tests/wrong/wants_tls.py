"""Speaks to nobody who does not begin as TLS does."""
import socket
import threading


def serve(client):
    with client:
        try:
            if client.recv(1, socket.MSG_PEEK) == b"\x16":
                client.sendall(b"\x15\x03\x03\x00\x02\x02\x28")  # a handshake failure
            else:
                client.recv(4096)
        except ConnectionError:
            pass


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
