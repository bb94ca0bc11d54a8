"""Echoes to one client after the other, for ever (TD7, section 1)."""
import socket


def echo(client):
    while data := client.recv(4096):
        client.sendall(data)


with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 2002))
    listener.listen()
    while True:
        client, (address, port) = listener.accept()
        print("connected by application: %d on machine: %s" % (port, address), flush=True)
        try:
            echo(client)
        except ConnectionError:
            pass
        client.close()
