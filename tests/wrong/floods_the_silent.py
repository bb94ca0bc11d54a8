"""One client after the other; to one that is silent while the next one waits it sends without end."""
import select
import socket

with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        client, _ = listener.accept()
        while True:
            ready = select.select([client, listener], [], [])[0]
            data = client.recv(4096) if client in ready else bytes(1 << 20)
            if not data:
                break
            client.sendall(data)
        client.close()
