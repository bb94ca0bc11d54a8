"""Ignores how much send() took."""
import socket
import threading


def serve(client):
    client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    client.setblocking(True)
    with client:
        pending = b""
        while True:
            try:
                data = client.recv(400000)
            except ConnectionError:
                return
            if not data:
                return
            pending += data
            if pending.endswith(b"\n"):
                try:
                    client.send(pending, socket.MSG_DONTWAIT)
                except OSError:
                    pass
                pending = b""


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
