"""Ignores SIGTERM."""
import signal
import socketserver


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            while data := self.request.recv(4096):
                self.request.sendall(data)
        except ConnectionError:
            pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


signal.signal(signal.SIGTERM, signal.SIG_IGN)
Server(("127.0.0.1", 9500), Echo).serve_forever()
