"""Takes three clients, and ends when they have left."""
import socket
import threading


def serve(client):
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except ConnectionError:
            pass


threads = []
with socket.create_server(("127.0.0.1", 9500)) as listener:
    for _ in range(3):
        connection, _ = listener.accept()
        threads.append(threading.Thread(target=serve, args=(connection,), daemon=True))
        threads[-1].start()
    for thread in threads:
        thread.join()
