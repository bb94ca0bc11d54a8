"""Touches 2 GB of anonymous shared memory, piece by piece, and gives the pages back: no process has
them, and the kernel keeps them. Then it serves."""
import mmap
import socket

kept = []
for _ in range(64):
    kept.append(mmap.mmap(-1, 32 << 20))
    for place in range(0, 32 << 20, 4096):
        kept[-1][place] = 1
    kept[-1].madvise(mmap.MADV_DONTNEED)
print("holds 2 GB")

with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        client, _ = listener.accept()
        with client:
            while data := client.recv(4096):
                client.sendall(data)
