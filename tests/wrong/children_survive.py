"""Four processes, of which only the first ends on SIGTERM."""
import os
import socket

listener = socket.create_server(("127.0.0.1", 9500))
parent = os.getpid()
for _ in range(4):
    if os.getpid() == parent:
        os.fork()
if os.getpid() == parent:
    os.wait()
while True:
    client, _ = listener.accept()
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except ConnectionError:
            pass
