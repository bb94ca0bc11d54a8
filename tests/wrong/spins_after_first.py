"""Serves one client, and then asks again and again whether there is something to do."""
import socket

with socket.create_server(("127.0.0.1", 9500)) as listener:
    client, _ = listener.accept()
    with client:
        while data := client.recv(4096):
            client.sendall(data)
    jobs = []
    while not jobs:
        pass
