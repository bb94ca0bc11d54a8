"""Asks the server each time, and answers with what it had."""
import socket
import sys
import threading
import urllib.parse

BAD_GATEWAY = b"HTTP/1.0 502 Bad Gateway\r\n\r\n"
kept = {}


def ask(address):
    """The whole answer of the server that the address names."""
    parts = urllib.parse.urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port or 80)) as server:
        server.sendall(f"GET {parts.path or '/'} HTTP/1.0\r\nHost: {parts.netloc}\r\n\r\n".encode())
        return b"".join(iter(lambda: server.recv(65536), b""))


def answer(address):
    try:
        kept.setdefault(address, ask(address))
    except OSError:
        return BAD_GATEWAY
    return kept[address]


def serve(client):
    with client, client.makefile("rb") as lines:
        request = lines.readline().decode()
        while lines.readline().strip():
            pass
        client.sendall(answer(request.split()[1]))


def main():
    proxy = socket.create_server(("127.0.0.1", int(sys.argv[1])))
    while True:
        threading.Thread(target=serve, args=(proxy.accept()[0],), daemon=True).start()


main()
