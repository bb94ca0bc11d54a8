"""A thread for each client, but no more than two at a time: the third waits for a place."""
import socket
import threading

places = threading.Semaphore(2)


def serve(client):
    with places, client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except ConnectionError:
            pass


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
