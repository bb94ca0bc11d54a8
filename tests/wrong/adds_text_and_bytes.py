"""Ends with the first message: a text and bytes cannot be added."""
import socket

listener = socket.create_server(("127.0.0.1", 9500))
while True:
    client, _ = listener.accept()
    while data := client.recv(4096):
        client.sendall("You said: " + data)
    client.close()
