"""Leaves the loop on SIGTERM, and then waits for the threads of all clients."""
import signal
import socket
import sys
import threading


def serve(client):
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except ConnectionError:
            pass


signal.signal(signal.SIGTERM, lambda *_: sys.exit())
with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,)).start()
