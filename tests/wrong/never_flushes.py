"""Prints what it receives, and keeps it in a buffer that is never full."""
import socket
import sys

sys.stdout = open(1, "w", buffering=1 << 20, closefd=False)
with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        client, _ = listener.accept()
        with client:
            try:
                while data := client.recv(4096):
                    sys.stdout.buffer.write(data)
            except ConnectionError:
                pass
