"""Ends on SIGTERM as on Control-C: by an exception that nobody catches."""
import signal
import socket
import threading


def serve(client):
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except ConnectionError:
            pass


signal.signal(signal.SIGTERM, signal.default_int_handler)
with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
