"""Its child serves on the port, while the first process only looks busy with descriptors."""
import os
import select
import signal
import socket
import threading

listener = socket.create_server(("127.0.0.1", 0))
if os.fork() > 0:
    poll = select.epoll()
    poll.register(listener, 0)
    threading.Thread(target=signal.pause, daemon=True)
    os.wait()
    raise SystemExit(0)
while True:
    client, _ = listener.accept()
    while data := client.recv(4096):
        client.sendall(data)
    client.close()
