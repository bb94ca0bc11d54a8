"""Workers that look into a queue with a time-out, and a reaper that closes those who have left: in
between nothing of it can be proved to sleep on."""
import queue
import socket
import threading
import time

waiting = queue.Queue()
left = []


def serve(client):
    try:
        while data := client.recv(4096):
            client.sendall(data)
    except ConnectionError:
        pass
    left.append(client)


def work():
    while True:
        try:
            client = waiting.get(timeout=0.05)
        except queue.Empty:
            continue
        threading.Thread(target=serve, args=(client,), daemon=True).start()


def reap():
    while True:
        time.sleep(0.05)
        while left:
            left.pop().close()


for task in work, reap:
    threading.Thread(target=task, daemon=True).start()
with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        waiting.put(listener.accept()[0])
