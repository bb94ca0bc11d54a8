"""Closes at "quit" and goes on asking, as the listing: the next line is sent on a closed socket,
and it ends with a traceback."""
import socket


def ask():
    """A line; an empty one at the end of input."""
    try:
        return input("Eingabe: ")
    except EOFError:
        return ""


def converse(server):
    line = ask()
    while line != "":
        server.sendall(line.encode("UTF8"))
        answer = server.recv(1024)
        if not answer:
            print("The server has left", flush=True)
            return
        print("Response from server:", answer.decode("UTF8", errors="replace"), flush=True)
        if line == "quit":
            server.close()
        line = ask()


with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
    server.connect(("127.0.0.1", 12345))
    try:
        converse(server)
    except ConnectionError:
        print("The server has broken off", flush=True)
