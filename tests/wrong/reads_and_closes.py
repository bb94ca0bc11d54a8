"""One client at a time: what it says is kept in a file, and the connection is closed without a word."""
import socket

with socket.create_server(("127.0.0.1", 9500)) as listener, open("/tmp/received", "ab") as log:
    while True:
        client, _ = listener.accept()
        with client:
            log.write(client.recv(1024))
