"""Serves nobody who came after one that has not spoken yet."""
import socket
import threading


def serve(client, earlier, spoken):
    earlier.wait()
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
                spoken.set()
        except ConnectionError:
            pass
    spoken.set()


last = threading.Event()
last.set()
with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        event = threading.Event()
        threading.Thread(target=serve, args=(connection, last, event), daemon=True).start()
        last = event
