"""A socket that has unsent data and lingers for a day takes its place at one descriptor after the
other, while threads sleep in reading there: who copies the descriptor to look at it, and is the last
to close it, sleeps for a day."""
import os
import signal
import socket
import struct
import threading

PLACE = 50
ends = os.pipe()
os.dup2(ends[0], PLACE)
sink = socket.create_server(("127.0.0.1", 9600), backlog=1000)
listener = socket.create_server(("127.0.0.1", 9500))


def sleep_in_reading():
    while True:
        try:
            os.read(PLACE, 1)
        except OSError:
            pass


for _ in range(8):
    threading.Thread(target=sleep_in_reading, daemon=True).start()
kept = []
for _ in range(4000):
    client = socket.create_connection(("127.0.0.1", 9600))
    client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    kept.append(sink.accept()[0])
    client.setblocking(False)
    try:
        while True:
            client.send(b"x" * 65536)
    except OSError:
        pass
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 86400))
    signal.setitimer(signal.ITIMER_REAL, 0)
    os.dup2(client.fileno(), PLACE)
    client.detach()
    os.write(ends[1], b"x" * 8)
signal.pause()
