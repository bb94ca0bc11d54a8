"""A client's thread does not end with its client, but sleeps for ever: they become more and
more."""
import socket
import threading


def messages_of(client):
    """A client without newlines is taken at its receives, one that sends lines at its lines."""
    pending = b""
    sends_lines = False
    while data := client.recv(1024):
        pending += data
        sends_lines = sends_lines or b"\n" in pending
        if not sends_lines:
            yield pending
            pending = b""
        while b"\n" in pending:
            line, _, pending = pending.partition(b"\n")
            yield line + b"\n"
    if pending:
        yield pending


def converse(client, port):
    for message in messages_of(client):
        text = message.decode("UTF8", errors="replace").rstrip()
        print(f"The client with Port:{port} said: {text}", flush=True)
        client.sendall(b"You told me: " + message)


def new_client(client, address):
    ip, port = address
    print(f"the new connection was made form IP : {ip}, and port: {port}!", flush=True)
    try:
        converse(client, port)
    except ConnectionError:
        pass
    client.close()
    threading.Event().wait()


with socket.socket() as listener:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("", 12345))
    listener.listen(5)
    while True:
        client, address = listener.accept()
        threading.Thread(target=new_client, args=(client, address), daemon=True).start()
