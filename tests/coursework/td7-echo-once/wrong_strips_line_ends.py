"""Takes the line end off what it sends back: a client that reads lines waits for ever."""
import socket


def echo(client):
    while data := client.recv(4096):
        client.sendall(data.strip())


with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 2000))
    listener.listen()
    client, (address, port) = listener.accept()
    print("Connected by application: %d on machine: %s" % (port, address), flush=True)
    with client:
        try:
            echo(client)
        except ConnectionError:
            pass
