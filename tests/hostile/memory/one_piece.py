"""Takes 2 GB of anonymous shared memory in one piece, and keeps one page of it. Then it serves."""
import mmap
import socket

try:
    piece = mmap.mmap(-1, 2 << 30)
except OSError as error:
    print("refused:", error.strerror)
else:
    for place in range(0, 2 << 30, 4096):
        piece[place] = 1
    piece.madvise(mmap.MADV_DONTNEED)
    print("holds 2 GB")

with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        client, _ = listener.accept()
        with client:
            while data := client.recv(4096):
                client.sendall(data)
