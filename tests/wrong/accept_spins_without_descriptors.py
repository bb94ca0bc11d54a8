"""Out of descriptors, accept() fails at once, again and again."""
import resource
import socket
import threading


def serve(client):
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except ConnectionError:
            pass


resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            continue
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
