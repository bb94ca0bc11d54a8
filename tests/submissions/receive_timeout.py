# One client at a time, but one that says nothing for half a second is left (SO_RCVTIMEO): a sleep
# in recv that ends by itself although no argument of the call says so.
import socket
import struct

server = socket.create_server(("127.0.0.1", 9500))
while True:
    client, _ = server.accept()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 0, 500000))
    try:
        while data := client.recv(1024):
            client.sendall(data)
    except BlockingIOError:
        pass
    client.close()
