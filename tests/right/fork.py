"""A process for each client; the processes end with their parent."""
import ctypes
import os
import signal
import socket

PR_SET_PDEATHSIG = 1
signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps
libc = ctypes.CDLL(None)
with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        client, _ = listener.accept()
        if os.fork() == 0:
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            listener.close()
            try:
                while data := client.recv(4096):
                    client.sendall(data)
            except ConnectionError:
                pass
            os._exit(0)
        client.close()
