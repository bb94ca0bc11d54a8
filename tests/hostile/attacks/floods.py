"""Sends to its first client without end, from two threads, and accepts nobody else."""
import socket
import threading

block = b"x" * (1 << 20)
with socket.create_server(("127.0.0.1", 9500)) as listener:
    client, _ = listener.accept()
    client.recv(4096)
    while True:
        try:
            threads = [threading.Thread(target=lambda: client.sendall(block)) for _ in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        except OSError:
            pass
