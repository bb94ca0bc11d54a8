# A threaded echo server on port 9500, and a sequential one for its keeper on port 9501.
import socket
import threading


def echo(client):
    while data := client.recv(1024):
        client.sendall(data)
    client.close()


def serve_one_by_one(server):
    while True:
        echo(server.accept()[0])


# Both listen before either serves.
public = socket.create_server(("127.0.0.1", 9500))
private = socket.create_server(("127.0.0.1", 9501))
threading.Thread(target=serve_one_by_one, args=(private,)).start()
while True:
    client, _ = public.accept()
    threading.Thread(target=echo, args=(client,)).start()
