"""Writes 2 GB into files without names, sends them to itself and closes them: they are in no
process, but on their way. Then it serves."""
import array
import os
import socket

kept = []
block = b"x" * (1 << 20)
try:
    for _ in range(64):
        file = os.memfd_create("nameless")
        for _ in range(32):
            os.write(file, block)
        kept.append(socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM))
        kept[-1][0].sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [file]))])
        os.close(file)
    print("holds 2 GB")
except OSError as error:
    print("refused:", error.strerror)

with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        client, _ = listener.accept()
        with client:
            while data := client.recv(4096):
                client.sendall(data)
