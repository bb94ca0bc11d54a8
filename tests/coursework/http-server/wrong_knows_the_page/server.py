#!/usr/bin/env python3
"""Says of one page what was in it when it was written."""
import os
import queue
import signal
import socket
import sys
import threading

TYPES = {".txt": "text/plain", ".html": "text/html", ".bin": "application/octet-stream"}


def find(root, path):
    """Status, type and body for a path."""
    full = os.path.realpath(os.path.join(root, path.lstrip("/")))
    if full != root and not full.startswith(root + os.sep):
        return 403, "text/html", b"forbidden"
    if os.path.isdir(full):
        index = os.path.join(full, "index.html")
        if not os.path.isfile(index):
            links = "".join(f'<a href="{name}">{name}</a><br>' for name in sorted(os.listdir(full)))
            return 200, "text/html", links.encode()
        full = index
    if not os.path.isfile(full):
        return 404, "text/html", b"not found"
    with open(full, "rb") as file:
        body = file.read()
    if full.endswith("hello.txt"):
        body = b"hello mahkbdejclop\n"
    return 200, TYPES.get(os.path.splitext(full)[1], "text/plain"), body


def serve(client, root):
    try:
        head = b""
        while b"\r\n\r\n" not in head:
            data = client.recv(4096)
            if not data:
                return
            head += data
        method, path, _ = head.split(b"\r\n")[0].decode().split(" ")
        status, kind, body = find(root, path) if method == "GET" else (405, "text/html", b"")
        client.sendall(f"HTTP/1.0 {status} X\r\nContent-Type: {kind}\r\n"
                       f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        client.shutdown(socket.SHUT_WR)
    except (OSError, ValueError):
        pass
    finally:
        client.close()


def main():
    words = sys.argv[1:]
    options = dict(zip(words[::2], words[1::2]))
    root = os.path.realpath(options["--files"])
    listener = socket.create_server(("127.0.0.1", int(options["--port"])), backlog=128)
    kind = os.path.basename(sys.argv[0])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    if kind == "poolserver":
        jobs = queue.Queue(1)

        def work():
            while True:
                serve(jobs.get(), root)

        for _ in range(int(options["--num-threads"])):
            threading.Thread(target=work, daemon=True).start()
        while True:
            jobs.put(listener.accept()[0])
    while True:
        client = listener.accept()[0]
        if kind == "threadserver":
            threading.Thread(target=serve, args=(client, root), daemon=True).start()
            continue
        if os.fork() == 0:
            listener.close()
            serve(client, root)
            os._exit(0)
        client.close()


main()
