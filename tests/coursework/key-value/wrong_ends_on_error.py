"""Ends a session at a request that it does not know."""
import os
import socketserver
import sys
import threading

store = {}
lock = threading.Lock()


def answer(line):
    verb, _, rest = line.partition(" ")
    key, _, value = rest.partition(" ")
    with lock:
        if verb == "set" and key and value:
            store[key] = value
            write(line)
            return "OK"
        if verb == "get" and key:
            return f"VALUE {store[key]}" if key in store else "NONE"
        if verb == "del" and key:
            if store.pop(key, None) is None:
                return "NONE"
            write(line)
            return "OK"
        if line == "count":
            return f"COUNT {len(store)}"
    raise ConnectionError


def write(line):
    log.write(line + "\n")
    log.flush()


def read(path):
    if not os.path.exists(path):
        return
    with open(path, encoding="utf-8") as file:
        for line in file:
            verb, _, rest = line.rstrip("\n").partition(" ")
            key, _, value = rest.partition(" ")
            if verb == "set":
                store[key] = value
            else:
                store.pop(key, None)


class Client(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write((answer(line.decode().rstrip("\n")) + "\n").encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


read(sys.argv[2])
log = open(sys.argv[2], "a", encoding="utf-8")
Server(("127.0.0.1", int(sys.argv[1])), Client).serve_forever()
