"""Prints messages side by side without a line end and without flush: nothing of them is seen
while the client is there."""
import socket


def show(message):
    print(message.decode(errors="replace").strip(), end=" ")


def serve(client):
    message = b""
    while message.strip().lower() != b"fin":
        message = client.recv(1024)
        if not message:  # left without saying so
            return
        show(message)


with socket.socket() as listener:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 9500))
    listener.listen(1)
    print("Lancement serveur", flush=True)
    while True:
        client, address = listener.accept()
        print("Connexion de la machine =", address, flush=True)
        try:
            serve(client)
        except ConnectionError:
            pass
        client.close()
        print("Deconnexion de :", address, flush=True)
