# A thread per client; answers in upper case, once, and closes.
import socket
import threading


def handle(client):
    client.sendall(client.recv(1024).upper())
    client.close()


server = socket.create_server(("127.0.0.1", 9500))
while True:
    client, _ = server.accept()
    threading.Thread(target=handle, args=(client,)).start()
