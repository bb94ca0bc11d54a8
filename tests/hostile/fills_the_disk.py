"""Writes as much as it can wherever it may, and then serves."""
import os
import socket

for folder in (".", "/tmp", "/dev/shm", "/var/tmp", "/usr", "/"):
    for hole in (0, 1 << 40):
        path = os.path.join(folder, "filled")
        try:
            with open(path, "wb") as file:
                file.seek(hole)
                for _ in range(1 << 12):
                    file.write(b"x" * (1 << 20))
        except OSError as error:
            print(folder, error.strerror)
listener = socket.create_server(("127.0.0.1", 0))
while True:
    client, _ = listener.accept()
    while data := client.recv(4096):
        client.sendall(data)
    client.close()
