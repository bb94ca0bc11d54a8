"""Prints what terminals, workflows, graders and test reports might take for their own."""
import os
import socket
import threading

NOISE = (b"\x1b[2J\x1b[31mred\x1b[0m\x07\x1b]8;;http://example.org\x1b\\link\x1b]8;;\x1b\\"
         b"\r\n::error file=a.c::it is not\n::set-output name=grade::100\nGrade :=>> 100\n"
         b"<|-- \n-Title\n--|>\nnot ok 1 - nothing\n1..0\nBail out!\n]]></failure>\n"
         b'{"score": 100}\n\xff\xed\xa0\x80\x00\x1b')


def serve(client):
    with client:
        try:
            while data := client.recv(4096):
                os.write(1, NOISE)
                client.sendall(data)
        except ConnectionError:
            pass


os.write(2, NOISE)
with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
