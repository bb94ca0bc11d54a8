# Echo server, one client after another.
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("", 8000))
server.listen()

while True:
    client, address = server.accept()
    while True:
        data = client.recv(4096)
        if not data:
            break
        client.sendall(data)
    client.close()
