"""A listener that does not block: whoever has come is accepted at once, a thread for each."""
import select
import socket
import threading


def serve(client):
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except ConnectionError:
            pass


listener = socket.create_server(("127.0.0.1", 9500))
listener.setblocking(False)
while True:
    select.select([listener], [], [])
    try:
        while True:
            connection, _ = listener.accept()
            connection.setblocking(True)
            threading.Thread(target=serve, args=(connection,), daemon=True).start()
    except BlockingIOError:
        pass
