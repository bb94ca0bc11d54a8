"""Waits for an answer to END, which never comes: it stays until the server closes."""
import pickle
import socket

MEANINGS = {
    b"NO": "Command not found",
    b"EC": "Time Out par server",
    b"ECHEC": "USER/PASSWS FALSE",
    b"PASSOK": "Pass OK",
}


class Movie:
    """What the server's objects are instances of; their attributes come with them."""

    def export_dico(self):
        return {"IDmovie": self.id, "nom": self.nom}


def ask():
    """A command; END at the end of input."""
    message = ""
    while message == "":  # nothing would be sent, and so nothing answered
        try:
            message = input(" -> ")
        except EOFError:
            return "END"
    return message


def receive_object(server, data):
    """Large ones come in pieces."""
    while True:
        try:
            return pickle.loads(data)
        except (EOFError, pickle.UnpicklingError):
            more = server.recv(2048)
            if not more:
                raise ConnectionError("half an object") from None
            data += more


def show(server, data):
    if data in MEANINGS:
        print(MEANINGS[data], flush=True)
        return
    try:
        print(data.decode(), flush=True)
    except UnicodeDecodeError:
        print("Received from server", flush=True)
        print(receive_object(server, data).export_dico(), flush=True)


def converse(server):
    data = b""
    while data != b"EC":
        message = ask()
        server.sendall(message.encode())
        data = server.recv(2048)
        if message == "END":
            return
        if not data:
            raise ConnectionError("no answer")
        show(server, data)


with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
    server.connect(("127.0.0.1", 5890))
    try:
        converse(server)
    except ConnectionError:
        print("Connexion perdue", flush=True)
