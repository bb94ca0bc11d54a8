"""An epoll loop that, once a client is accepted, receives from it until it leaves."""
import select
import socket

listener = socket.create_server(("127.0.0.1", 9500))
epoll = select.epoll()
epoll.register(listener, select.EPOLLIN)
while True:
    epoll.poll()
    client, _ = listener.accept()
    while data := client.recv(4096):
        client.sendall(data)
    client.close()
