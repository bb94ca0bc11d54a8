"""Starts itself once more by exec, and serves under another name."""
import ctypes
import os
import sys
import socket
import threading


def serve(client):
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except ConnectionError:
            pass


PR_SET_NAME = 15
if len(sys.argv) == 1:
    os.execv(sys.executable, [sys.executable, __file__, "again"])
ctypes.CDLL(None).prctl(PR_SET_NAME, b"a) S 1 (b\n")
with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
