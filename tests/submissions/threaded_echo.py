# Echo server, a thread for each client.
import socket
import threading


def handle(client, address):
    print("new client", address)
    while True:
        data = client.recv(1024)
        if not data:
            break
        client.send(data)
    print("client left", address)
    client.close()


server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("0.0.0.0", 9500))
server.listen(5)
while True:
    client, address = server.accept()
    threading.Thread(target=handle, args=(client, address)).start()
