"""Serves in the first thread: the second client is not even asked for its password."""
import pickle
import socket
import threading


class Movie:
    def __init__(self, id, nom, date):
        self.id = id
        self.nom = nom
        self.date = date

    def export_dico(self):
        return {"IDmovie": self.id, "nom": self.nom, "date": self.date}


USERS = {("admin", "mdp"), ("1", "1"), ("2", "2")}
OBJECTS = {
    "1": Movie(1, "Le port", 1998),
    "2": Movie(2, "La trame", 2006),
    "3": Movie(3, "Le pair", 2014),
}
TRIES = 3
list_of_clients = []
lock = threading.Lock()


class Messages:
    """A client without newlines is taken at its receives, one that sends lines at its lines."""

    def __init__(self, client):
        self.client = client
        self.pending = b""
        self.sends_lines = False

    def next(self):
        """A message and its line end; nothing at the end of the stream."""
        while True:
            line, newline, rest = self.pending.partition(b"\n")
            if newline:
                self.sends_lines = True
                self.pending = rest
                return line.rstrip(b"\r").decode(errors="replace"), "\n"
            if self.pending and not self.sends_lines:
                self.pending = b""
                return line.decode(errors="replace"), ""
            data = self.client.recv(1024)
            if not data:
                return None, ""
            self.pending += data


def say(client, text, ending):
    client.sendall((text + ending).encode())


def log_in(client, messages):
    """True if a password was right."""
    failures = 0
    while failures < TRIES:
        message, ending = messages.next()
        if message is None:
            return False
        word, _, rest = message.partition(":")
        user, _, password = rest.partition(":")
        if word == "UP" and (user, password) in USERS:
            say(client, "PASSOK", ending)
            return True
        failures += 1
        say(client, "ECHEC" if failures < TRIES else "EC", ending)
    return False


def obey(client, message, ending):
    word, colon, name = message.partition(":")
    if word == "SEND" and colon and name in OBJECTS:
        client.sendall(pickle.dumps(OBJECTS[name]))
    elif message == "NB":
        say(client, f"Nombre de connecté au server: {len(list_of_clients)}", ending)
    else:
        print("Command not found", flush=True)
        say(client, "NO", ending)


def converse(client):
    messages = Messages(client)
    if not log_in(client, messages):
        return
    while True:
        message, ending = messages.next()
        if message is None or message == "END":
            return
        obey(client, message, ending)


def serve(client, address):
    try:
        converse(client)
    except ConnectionError:
        pass
    print("Connection down:", address, flush=True)
    with lock:
        list_of_clients.remove(client)
    client.close()


with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("", 5890))
    listener.listen(100)
    print("TCP server up and listening", flush=True)
    print("-----", flush=True)
    while True:
        client, address = listener.accept()
        with lock:
            list_of_clients.append(client)
        print(address[0] + " connected", flush=True)
        serve(client, address)
