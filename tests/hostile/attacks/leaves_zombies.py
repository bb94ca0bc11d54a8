"""Never waits for its children, of which there are two thousand, and serves."""
import os
import socket

for _ in range(2000):
    try:
        if os.fork() == 0:
            os._exit(0)
    except OSError:
        break
listener = socket.create_server(("127.0.0.1", 9500))
while True:
    client, _ = listener.accept()
    while data := client.recv(4096):
        client.sendall(data)
    client.close()
