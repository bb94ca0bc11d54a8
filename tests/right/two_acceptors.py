"""Two sockets share the port (SO_REUSEPORT); two threads accept, and make one for each client."""
import socket
import threading


def serve(client):
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except ConnectionError:
            pass



def accept():
    with socket.create_server(("127.0.0.1", 9500), reuse_port=True) as listener:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection,), daemon=True).start()


threading.Thread(target=accept, daemon=True).start()
accept()
