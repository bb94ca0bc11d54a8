"""A chat over select() that asks who can be written to, too: nearly always all, so it never sleeps."""
import select
import socket

listener = socket.create_server(("127.0.0.1", 9500))
everybody = [listener]
while True:
    for one in select.select(everybody, everybody[1:], [])[0]:
        if one is listener:
            everybody.append(listener.accept()[0])
            continue
        try:
            data = one.recv(1024)
        except ConnectionError:
            data = b""
        if not data:
            everybody.remove(one)
            one.close()
        for other in everybody[1:]:
            if other is not one:
                try:
                    other.sendall(data)
                except ConnectionError:
                    pass  # its own turn comes
