"""Fills the queues of as many Unix sockets as it may have, in as many processes as it takes to hold
2 GB. Then it serves."""
import os
import resource
import signal
import socket

_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
pairs = min(1000, (most - 20) // 2)
for _ in range(10):
    ready, done = os.pipe()
    if os.fork() == 0:
        kept = []
        for _ in range(pairs):
            kept.append(socket.socketpair())
            kept[-1][0].setblocking(False)
            try:
                while True:
                    kept[-1][0].send(b"x" * 65536)
            except OSError:
                pass
        os.write(done, b"x")
        signal.pause()
    os.close(done)
    os.read(ready, 1)
print("holds 2 GB")

with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        client, _ = listener.accept()
        with client:
            while data := client.recv(4096):
                client.sendall(data)
