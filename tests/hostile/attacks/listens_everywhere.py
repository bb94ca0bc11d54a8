"""Listens on ten thousand ports, of both families, with a queue of one."""
import resource
import signal
import socket

_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
kept = []
for port in range(9500, 19500):
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            kept.append(socket.socket(family))
            kept[-1].bind((address, port))
            kept[-1].listen(1)
        except OSError:
            pass
signal.pause()
