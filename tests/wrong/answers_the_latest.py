"""Keeps the socket in a variable that all threads share."""
import socket
import threading

current = None


def serve(client):
    global current
    current = client
    try:
        while data := client.recv(4096):
            current.sendall(data)
    except OSError:
        pass
    finally:
        client.close()


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
