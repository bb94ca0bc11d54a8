#!/usr/bin/env python3
"""Bad clients in crowds, and what they cost each model: see scripts/campaign-crowd.

Usage: attackers.py PROCTOR CLIENTS MODEL...
"""
import re
import resource
import selectors
import socket
import subprocess
import sys
import time
from pathlib import Path

ASKED = b"GET / HTTP/1.1\r\nHost: abcd\r\n\r\n"
SLOW = b"GET / HTTP/1.1\r\nHost: abcd\r\nX: y"
KINDS = {"slow": (SLOW, 1, len(SLOW)), "asks": (ASKED * 512, 16384, 1 << 20),
         "floods": (b"x" * 16384, 16384, 1 << 20)}
FAIR_S = 10  # how long the fair one waits
PAUSE_S = 2  # without any progress: what the server could do it has done


def processes(root):
    """The server and all below it."""
    children = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        children.setdefault(int(text.rpartition(")")[2].split()[1]), []).append(stat.parent)
    found, queue = [], [Path(f"/proc/{root}")]
    while queue:
        found.append(queue.pop())
        queue += children.get(int(found[-1].name), [])
    return found


def holdings(root):
    """Bytes of memory, and descriptors and tasks."""
    kilobytes = things = 0
    for process in processes(root):
        try:
            rollup = (process / "smaps_rollup").read_text()
            kilobytes += sum(map(int, re.findall(r"Pss_(?:Anon|Shmem): +(\d+)", rollup)))
            things += len(list((process / "fd").iterdir())) + len(list((process / "task").iterdir()))
        except OSError:
            continue  # it has just ended
    return 1024 * kilobytes, things


def kernel_bytes(port):
    """What the server's ends of the connections hold: received, and to be sent."""
    rows = subprocess.run(["ss", "-tmnH", f"sport = :{port}"], capture_output=True, text=True,
                          check=True).stdout
    return sum(int(r) + int(w) for r, w in re.findall(r"skmem:\(r(\d+),.*?,w(\d+),", rows))


class Crowd:
    def __init__(self, address, count, kind):
        self.text, self.piece, self.most = KINDS[kind]
        self.connected = self.sent = 0
        self.selector = selectors.DefaultSelector()
        self.clients = []
        for started in range(count):
            client = socket.socket()
            client.setblocking(False)
            for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
                client.setsockopt(socket.SOL_SOCKET, option, 16384)
            client.connect_ex(address)
            self.clients.append(client)
            self.selector.register(client, selectors.EVENT_WRITE, [None])
            if started % 256 == 255:
                self.play(until_idle_s=0)
        self.play(PAUSE_S)

    def play(self, until_idle_s):
        """Sends what is taken, round and round, until nothing more is for so long."""
        while ready := self.selector.select(until_idle_s):
            for key, _ in ready:
                self.send_piece(key.fileobj, key.data)

    def send_piece(self, client, state):
        if state[0] is None:
            state[0] = 0
            self.connected += client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
        offset = state[0] % len(self.text)
        try:
            taken = client.send(self.text[offset:offset + self.piece])
        except BlockingIOError:
            return
        except OSError:
            taken = self.most  # refused, or reset
        else:
            self.sent += taken
        state[0] += taken
        if state[0] >= self.most:
            self.selector.unregister(client)

    def leave(self):
        for client in self.clients:
            client.close()


def is_served(address):
    with socket.socket() as client:
        client.settimeout(FAIR_S)
        try:
            client.connect(address)
            client.sendall(ASKED)
            return client.recv(12) == b"HTTP/1.1 200"
        except OSError:
            return False


def settled_things(root, allowed):
    """Waits until no more than so many are held."""
    deadline = time.monotonic() + 300
    while (things := holdings(root)[1]) > allowed and time.monotonic() < deadline:
        time.sleep(0.2)
    return things


def attack(proctor, model, kind, count):
    command = [proctor, "serve", model, "--protocol", "http", "--max-clients", str(count + 100)]
    server = subprocess.Popen(command, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL)
    try:
        host, port = server.stdout.readline().split()[2].rsplit(":", 1)
        address = (host, int(port))
        is_served(address)
        time.sleep(0.2)
        memory, things = holdings(server.pid)
        crowd = Crowd(address, count, kind)
        held_memory, held_things = holdings(server.pid)
        in_kernel = kernel_bytes(port)
        served = is_served(address)
        crowd.leave()
        left = settled_things(server.pid, things) - things
        each = max(crowd.connected, 1)
        print(f"{model:<11}{kind:<7}{crowd.connected:>7}{(held_memory - memory) / each:>10.0f}"
              f"{in_kernel / each:>10.0f}{(held_things - things) / each:>8.2f}"
              f"{crowd.sent / each:>10.0f}  {'served' if served else 'not':<8}"
              f"{left if left > 0 else 'nothing'}", flush=True)
        return left <= 0
    finally:
        server.terminate()
        server.wait()


def main():
    proctor, count, models = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    print("model      kind    clients  bytes of  bytes of   fds and  bytes sent  fair    left\n"
          "                             server    kernel     tasks   by each     client  behind")
    outcomes = [attack(proctor, model, kind, count) for model in models for kind in KINDS]
    sys.exit(0 if all(outcomes) else 1)


main()
