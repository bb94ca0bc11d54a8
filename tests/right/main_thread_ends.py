"""The first thread ends when the others serve: its process goes on without it."""
import ctypes
import socket
import threading


def serve(client):
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except ConnectionError:
            pass



def accept():
    with socket.create_server(("127.0.0.1", 9500)) as listener:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection,), daemon=True).start()


threading.Thread(target=accept).start()
ctypes.CDLL(None).pthread_exit(None)
