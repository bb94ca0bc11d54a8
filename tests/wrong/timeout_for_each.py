"""One client at a time, and one that says nothing for a while is sent away: the next is then served."""
import socket

listener = socket.create_server(("127.0.0.1", 9500))
while True:
    client, _ = listener.accept()
    with client:
        client.settimeout(0.5)
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except OSError:
            pass
