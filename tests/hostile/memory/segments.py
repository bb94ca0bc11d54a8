"""Fills segments of System V's shared memory, 2 GB of them, and detaches from each. Then it serves."""
import ctypes
import socket

library = ctypes.CDLL(None, use_errno=True)
library.shmat.restype = ctypes.c_void_p
library.shmat.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_int]
library.shmdt.argtypes = [ctypes.c_void_p]
SIZE = 32 << 20
for _ in range(64):
    segment = library.shmget(0, ctypes.c_size_t(SIZE), 0o1600)
    place = library.shmat(segment, None, 0)
    ctypes.memset(place, 1, SIZE)
    library.shmdt(place)
print("holds 2 GB")

with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        client, _ = listener.accept()
        with client:
            while data := client.recv(4096):
                client.sendall(data)
