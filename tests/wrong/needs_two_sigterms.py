"""The first SIGTERM asks whether it is meant, the second ends the program."""
import signal
import socket
import threading


def serve(client):
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except ConnectionError:
            pass



def ask(*_):
    print("once more to end")
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


signal.signal(signal.SIGTERM, ask)
with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
