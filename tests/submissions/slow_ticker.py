# A thread per client, but accept is only tried once in half a second, while another thread ticks
# a hundred times a second: the quick one must not be taken for both.
import socket
import threading
import time


def tick():
    while True:
        time.sleep(0.01)


def handle(client):
    client.setblocking(True)
    while data := client.recv(1024):
        client.sendall(data)
    client.close()


threading.Thread(target=tick, daemon=True).start()
server = socket.create_server(("127.0.0.1", 9500))
server.setblocking(False)
while True:
    try:
        client, _ = server.accept()
        threading.Thread(target=handle, args=(client,)).start()
    except BlockingIOError:
        time.sleep(0.5)
