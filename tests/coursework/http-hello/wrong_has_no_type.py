import socket
import threading


def head_of(status, page):
    return (f"HTTP/1.0 {status}\r\n"
            f"Content-Length: {len(page)}\r\n\r\n").encode()


def serve(client):
    with client:
        stream = client.makefile("rb")
        try:
            words = stream.readline().split()
            while stream.readline() not in (b"\r\n", b"\n", b""):
                pass
            if len(words) == 3:
                found = words[1] == b"/hello"
                page = b"hello\n" if found else b"no\n"
                head = head_of("200 OK" if found else "404 Not Found", page)
                client.sendall(head + (b"" if words[0] == b"HEAD" else page))
            client.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


server = socket.create_server(("127.0.0.1", 8000), backlog=200)
while True:
    client, _ = server.accept()
    threading.Thread(target=serve, args=(client,), daemon=True).start()
