"""Opens a log for each client, and never closes it."""
import socket
import threading

logs = []


def serve(client):
    logs.append(open("/dev/null", "w", encoding="ascii"))
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except ConnectionError:
            pass


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
