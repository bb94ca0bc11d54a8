"""Sequential, with an epoll descriptor and spare threads that serve nobody."""
import select
import socket
import threading

decoration = select.epoll()
never = threading.Event()
for _ in range(4):
    threading.Thread(target=never.wait, daemon=True).start()
with socket.create_server(("127.0.0.1", 9500)) as listener:
    decoration.register(listener, select.EPOLLIN)
    while True:
        client, _ = listener.accept()
        with client:
            while data := client.recv(4096):
                client.sendall(data)
