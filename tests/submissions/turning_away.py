# Serves one client and tells every other one to go away.
import socket
import threading

busy = threading.Lock()


def handle(client):
    if not busy.acquire(blocking=False):
        client.sendall(b"busy\n")
        client.close()
        return
    while data := client.recv(1024):
        client.sendall(data)
    client.close()
    busy.release()


server = socket.create_server(("127.0.0.1", 9500))
while True:
    client, _ = server.accept()
    threading.Thread(target=handle, args=(client,)).start()
