"""Sends every signal to everybody that it may, stops its parent, and queues as many for itself as there
is room for. Then it serves."""
import ctypes
import os
import signal
import socket

library = ctypes.CDLL(None)
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
for pid in (os.getppid(), 1):
    for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except OSError:
            pass
while library.sigqueue(os.getpid(), signal.SIGRTMIN, 0) == 0:
    pass
listener = socket.create_server(("127.0.0.1", 9500))
while True:
    client, _ = listener.accept()
    while data := client.recv(4096):
        client.sendall(data)
    client.close()
