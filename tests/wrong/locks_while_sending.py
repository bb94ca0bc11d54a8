"""One lock for all answers: who waits for room to send keeps it from everybody else."""
import socket
import threading

lock = threading.Lock()


def serve(client):
    with client:
        try:
            while data := client.recv(4096):
                with lock:
                    client.sendall(data)
        except ConnectionError:
            pass


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
