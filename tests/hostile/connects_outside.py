"""Looks for a way out: other addresses, other families, other namespaces."""
import ctypes
import socket

outside = 0
for family, address in (
    (socket.AF_INET, ("192.0.2.1", 80)),
    (socket.AF_INET, ("10.0.0.1", 22)),
    (socket.AF_INET, ("198.51.100.2", 80)),
    (socket.AF_INET6, ("2001:db8::1", 80)),
    (socket.AF_INET6, ("2001:db8:198:51:100::2", 80)),
):
    with socket.socket(family) as attempt:
        attempt.settimeout(1)
        try:
            attempt.connect(address)
            outside += 1
        except OSError:
            pass
for family in (socket.AF_VSOCK, socket.AF_PACKET, socket.AF_ALG):
    try:
        socket.socket(family, socket.SOCK_RAW).close()
        outside += 1
    except OSError:
        pass
libc = ctypes.CDLL(None)
outside += libc.unshare(0x10000000) == 0  # CLONE_NEWUSER
print(f"ways out: {outside}; name of example.org: ", end="")
try:
    print(socket.gethostbyname("example.org"))
except OSError:
    print("none")
listener = socket.create_server(("127.0.0.1", 0))
raise SystemExit(3)
