"""A loop over select() that waits for the first words of a newcomer where it accepts it."""
import select
import socket

listener = socket.create_server(("127.0.0.1", 9500))
everybody = [listener]
while True:
    for one in select.select(everybody, [], [])[0]:
        if one is listener:
            newcomer, _ = listener.accept()
            newcomer.sendall(b"hello " + newcomer.recv(4096))
            everybody.append(newcomer)
            continue
        try:
            data = one.recv(4096)
            one.sendall(data)
        except ConnectionError:
            data = b""
        if not data:
            everybody.remove(one)
            one.close()
