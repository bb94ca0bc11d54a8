"""Asks every socket again and again instead of waiting."""
import socket

listener = socket.create_server(("127.0.0.1", 9500))
listener.setblocking(False)
clients = []
while True:
    try:
        client, _ = listener.accept()
        client.setblocking(False)
        clients.append(client)
    except BlockingIOError:
        pass
    for client in list(clients):
        try:
            if data := client.recv(4096):
                client.sendall(data)
            else:
                clients.remove(client)
                client.close()
        except BlockingIOError:
            pass
        except ConnectionError:
            clients.remove(client)
            client.close()
