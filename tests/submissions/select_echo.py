# Echo server with select.
import select
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", 7777))
server.listen(5)
sockets = [server]

while True:
    readable, _, _ = select.select(sockets, [], [])
    for s in readable:
        if s is server:
            client, address = server.accept()
            sockets.append(client)
        else:
            data = s.recv(2048)
            if data:
                s.send(data)
            else:
                sockets.remove(s)
                s.close()
