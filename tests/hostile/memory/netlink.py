"""Asks the kernel for its interfaces again and again, on 5,000 sockets, and reads no answer. Then it
serves."""
import resource
import socket
import struct

_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
kept = []
try:
    for _ in range(5000):
        kept.append(socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE))
        kept[-1].bind((0, 0))
        kept[-1].setblocking(False)
        try:
            for number in range(200):
                kept[-1].send(struct.pack("IHHII4x", 20, 18, 0x301, number, 0))
        except OSError:
            pass
except OSError as error:
    print(error.strerror)
print("holds 1 GB")

with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        client, _ = listener.accept()
        with client:
            while data := client.recv(4096):
                client.sendall(data)
