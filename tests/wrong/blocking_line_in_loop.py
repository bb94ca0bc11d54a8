"""One loop, and readline() in it: half a line from one client holds up everybody."""
import selectors
import socket

selector = selectors.DefaultSelector()
listener = socket.create_server(("127.0.0.1", 9500))
selector.register(listener, selectors.EVENT_READ)
while True:
    for key, _ in selector.select():
        if key.fileobj is listener:
            client = listener.accept()[0]
            selector.register(client, selectors.EVENT_READ, client.makefile("rwb", buffering=0))
            continue
        try:
            line = key.data.readline()
            key.data.write(line)
        except OSError:
            line = b""
        if not line:
            selector.unregister(key.fileobj)
            key.data.close()
            key.fileobj.close()
