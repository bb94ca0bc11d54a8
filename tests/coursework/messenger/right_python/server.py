"""A messenger's server: a thread for each client, all under one lock."""
import socket
import sys
import threading

with open("credentials.txt", encoding="utf-8") as file:
    PASSWORDS = dict(line.split() for line in file)
connected = {}
kept = {name: [] for name in PASSWORDS}
lock = threading.Lock()


def tell(name, line):
    if name in connected:
        connected[name].sendall((line + "\n").encode())
    else:
        kept[name].append(line)


def tell_others(name, line):
    for other in list(connected):
        if other != name:
            tell(other, line)


def log_in(client, name, password):
    with lock:
        if PASSWORDS.get(name) != password or name in connected:
            client.sendall(b"Invalid user name or password\n")
            return False
        connected[name] = client
        client.sendall(b"Welcome\n")
        tell_others(name, f"{name} has come")
        for line in kept.pop(name):
            tell(name, line)
        kept[name] = []
        return True


def obey(name, line):
    command, _, rest = line.partition(" ")
    to, _, text = rest.partition(" ")
    if command == "broadcast":
        tell_others(name, f"{name}: {rest}")
    elif command == "message" and to in PASSWORDS:
        tell(to, f"{name}: {text}")
    elif command == "message":
        tell(name, f"Error: nobody is called {to}")
    else:
        tell(name, f"Error: unknown command {command}")


def serve(client):
    with client, client.makefile(encoding="utf-8") as lines:
        name, password = lines.readline().strip(), lines.readline().strip()
        if not log_in(client, name, password):
            return
        try:
            for line in lines:
                if line.strip() == "logout":
                    break
                with lock:
                    obey(name, line.strip())
        except OSError:
            pass
        with lock:
            del connected[name]
            tell_others(name, f"{name} has left")


def main():
    server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
    while True:
        threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()


main()
