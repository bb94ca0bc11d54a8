"""socketserver.ForkingTCPServer: its main thread polls twice a second."""
import socketserver


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(4096):
            self.request.sendall(data)


socketserver.ForkingTCPServer.allow_reuse_address = True
with socketserver.ForkingTCPServer(("127.0.0.1", 9500), Echo) as server:
    server.serve_forever()
