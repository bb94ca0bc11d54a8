"""Closes the listener after the first client."""
import socket

listener = socket.create_server(("127.0.0.1", 9500))
client, _ = listener.accept()
listener.close()
while data := client.recv(4096):
    client.sendall(data)
client.close()
while True:
    socket.socketpair()[0].recv(1)
