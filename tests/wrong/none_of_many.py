"""A thread per client, and all of them wait as long as there are more than eight."""
import socket
import threading

changed = threading.Condition()
clients = 0


def serve(client):
    global clients
    with changed:
        clients += 1
    with client:
        try:
            while data := client.recv(4096):
                with changed:
                    changed.wait_for(lambda: clients <= 8)
                client.sendall(data)
        except ConnectionError:
            pass
    with changed:
        clients -= 1
        changed.notify_all()


with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
