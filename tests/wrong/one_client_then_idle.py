"""Serves the first client and then nobody."""
import socket
import time

with socket.create_server(("127.0.0.1", 9500)) as listener:
    client, _ = listener.accept()
    with client:
        while data := client.recv(4096):
            client.sendall(data)
    while True:
        time.sleep(3600)
