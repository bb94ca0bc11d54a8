"""Spends processor time in children of which each ends soon, and is waited for. Then it serves."""
import os
import socket
import time

while time.process_time() + sum(os.times()[2:4]) < 8:
    child = os.fork()
    if child == 0:
        while time.process_time() < 0.1:
            pass
        os._exit(0)
    os.waitpid(child, 0)
print("used 8 s")

with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        client, _ = listener.accept()
        with client:
            while data := client.recv(4096):
                client.sendall(data)
