"""Logs in, counts the clients, and receives a pickled object, as the client of SAE 3.02 does.

Usage: pickle_client.py HOST PORT USER PASSWORD NAME
"""
import io
import pickle
import socket
import sys

host, port, user, password, name = sys.argv[1:]
server = socket.create_connection((host, int(port)))


def say(message):
    server.send(message.encode())
    return server.recv(2048)


assert say("NB") == b"ECHEC"
assert say(f"UP:{user}:{password}") == b"PASSOK"
print(say("NB").decode())
assert say("what") == b"NO"
assert say("SEND:nothing of that name") == b"NO"
server.send(f"SEND:{name}".encode())
received = pickle.load(io.BufferedReader(socket.SocketIO(server, "r")))
print(f"object {received['id']} of {len(received['text'])} letters")
server.send(b"END")
assert server.recv(1) == b"", "the server has not left"
