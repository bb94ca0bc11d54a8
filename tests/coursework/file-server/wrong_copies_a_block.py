"""A file server: a thread for each client."""
import shutil
import socket
import sys
import threading


def is_below(name):
    return not name.startswith("/") and ".." not in name.split("/")


def obey(words, lines):
    """The answer, in bytes."""
    try:
        if not all(is_below(name) for name in words[1:]):
            raise OSError
        if words[0] == "GET":
            with open(words[1], "rb") as file:
                data = file.read()
            return b"OK %d\n%s" % (len(data), data)
        if words[0] == "PUT":
            data = lines.read(int(words[2]))
            with open(words[1], "wb") as file:
                file.write(data)
        elif words[0] == "COPY":
            with open(words[1], "rb") as one, open(words[2], "wb") as other:
                other.write(one.read(65536))
        return b"STORED\n"
    except OSError:
        return f"ERROR {words[1]}\n".encode()


def serve(client):
    with client, client.makefile("rb") as lines:
        for line in lines:
            client.sendall(obey(line.decode().split(), lines))


def main():
    server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
    while True:
        threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()


main()
