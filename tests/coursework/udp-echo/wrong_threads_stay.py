"""A thread for each client, which waits for more of it for ever."""
import queue
import socket
import sys
import threading

queues = {}


def serve(server, client):
    while True:
        server.sendto(queues[client].get(), client)


with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.bind(("", int(sys.argv[1])))
    while True:
        data, client = server.recvfrom(65536)
        if client not in queues:
            queues[client] = queue.Queue()
            threading.Thread(target=serve, args=(server, client), daemon=True).start()
        queues[client].put(data)
