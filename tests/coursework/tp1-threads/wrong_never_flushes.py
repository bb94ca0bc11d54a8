"""Prints messages side by side without a line end and without flush: nothing of them is seen
before some thousand letters have been said."""
import socket
import sys
import threading


def show(text, message=b""):
    sys.stdout.buffer.write(text.encode() + message.rstrip(b"\r\n") + b"\n")
    sys.stdout.buffer.flush()


def converse(client, address):
    message = b""
    while message.strip().lower() != b"fin":
        message = client.recv(1024)
        if not message:  # left without saying so
            return
        print(f"Client {address} a dit :", message.decode(errors="replace").strip(), end=" ")


def serve(client, address):
    show(f"Connexion de la machine = {address}")
    try:
        converse(client, address)
    except ConnectionError:
        pass
    show(f"Deconnexion de : {address}")
    client.close()


with socket.socket() as listener:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 9500))
    listener.listen(5)
    show("Lancement serveur")
    while True:
        client, address = listener.accept()
        threading.Thread(target=serve, args=(client, address), daemon=True).start()
