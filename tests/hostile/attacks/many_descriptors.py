"""Has as many descriptors as it may in each of 400 processes, and listens where none of them has the
socket, as it is in flight: whoever looks for the owner looks at all of them."""
import array
import os
import resource
import signal
import socket

_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
copies = []
try:
    while True:
        copies.append(os.dup(0))
except OSError:
    pass
for _ in range(400):
    if os.fork() == 0:
        signal.pause()
for copy in copies[:1000]:
    os.close(copy)
kept = []
for port in range(9501, 9601):
    listener = socket.create_server(("127.0.0.1", port))
    kept.append(socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM))
    kept[-1][0].sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [listener.fileno()]))])
    listener.close()
signal.pause()
