"""Eight clients at once, each of which sends the lines given and waits for an answer to each.

Usage: crowd.py HOST PORT LINE...
"""
import socket
import sys
import threading

host, port, lines = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
unanswered = []


def talk():
    with socket.create_connection((host, port)) as server:
        for line in lines:
            server.sendall((line + "\n").encode())
            if not server.recv(65536):
                unanswered.append(line)


clients = [threading.Thread(target=talk) for _ in range(8)]
for client in clients:
    client.start()
for client in clients:
    client.join()
sys.exit(f"no answer to {unanswered}" if unanswered else 0)
