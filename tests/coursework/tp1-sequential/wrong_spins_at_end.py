"""Does not look for the end of the stream, as listing 2: after a client that leaves without
"fin" it prints empty lines for ever at full speed, and serves nobody any more."""
import socket
import sys


def show(message):
    sys.stdout.buffer.write(message.rstrip(b"\r\n") + b"\n")
    sys.stdout.buffer.flush()


def serve(client):
    message = b""
    while message.strip().lower() != b"fin":
        message = client.recv(1024)
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
