"""Nobody thinks of a client that aborts: recv() raises, and the program ends."""
import select
import socket

listener = socket.create_server(("127.0.0.1", 9500))
sockets = [listener]
while True:
    for ready in select.select(sockets, [], [])[0]:
        if ready is listener:
            sockets.append(listener.accept()[0])
        elif data := ready.recv(4096):
            ready.sendall(data)
        else:
            sockets.remove(ready)
            ready.close()
