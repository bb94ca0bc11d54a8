#!/usr/bin/python3 -B
"""What `proctor grade` sees of order and of much: who is answered first, and who does not read.

Usage: test_grade_order.py PROCTOR [OPTIONS OF unittest]
"""
import end_to_end

STORE = r"""
title: {en: A store}
entry: ["*.py"]
port: 9500
points: 3
checks:
  - check: small-ones-first
    title: {en: "bob's small order is ready ahead of ann's large one"}
    points: 1
    steps:
      - {client: ann, send: "large {token}\n"}
      - {client: bob, send: "small {token:bob}\n"}
      - {client: bob, expect: "small {token:bob}\n", ahead-of: ann}
      - {client: ann, expect-line-pattern: "{token}"}
  - check: who-does-not-read
    title: {en: "ann asks a lot and reads nothing; bob is served, and then ann"}
    points: 1
    steps:
      - {client: ann, do: connect}
      - {client: ann, do: stop-reading}
      - {client: ann, send: {repeat: "get {word:key,8}\n", times: 20000}}
      - {clients: b1..b2, send: "small {token:bob}\n"}
      - {clients: b1..b2, expect: "small {token:bob}\n"}
      - {client: ann, do: resume-reading}
      - {client: ann, expect-pattern: "(get {word:key}.{99}\n){50}"}
  - check: unread
    title: {en: "what is not read does not matter where it may stay"}
    points: 1
    steps:
      - {client: ann, send: "small x\nbye\n"}
      - {client: ann, expect-event: end, unread: allowed}
"""

SELLS = r"""
import socketserver, time
class Store(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            if line == b"bye\n":
                return
            if line.startswith(b"large"):
                time.sleep(0.3)
            self.wfile.write(line[:-1] + b"." * 99 + b"\n" if line.startswith(b"get") else line)
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 50
Server(("127.0.0.1", 9500), Store).serve_forever()
"""

ENDS = r"""
title: {en: A server that ends in order}
entry: ["*.py"]
port: 9500
points: 2
checks:
  - check: ends-and-returns
    title: {en: "SIGTERM ends it with exit code 0; then it listens again"}
    points: 1
    steps:
      - {client: ann, send: "{token}\n"}
      - {client: ann, expect: "{token}\n"}
      - {do: stop}
      - {client: ann, expect-event: end}
      - {expect-exit: 0}
      - {do: restart}
      - {client: bob, send: "{token}\n"}
      - {client: bob, expect: "{token}\n"}
      - {do: kill}
      - {client: bob, expect-event: end}
      - {do: restart}
      - {client: eve, send: "{token}\n"}
      - {client: eve, expect: "{token}\n"}
  - {check: scene-after, title: {en: "another one"}, points: 1, steps: [
      {client: ann, send: "{token}\n"}, {client: ann, expect: "{token}\n"}]}
"""

RETURNS = r"""
import signal, socketserver, sys
class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line)
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
def end(number, frame):
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
Server(("127.0.0.1", 9500), Echo).serve_forever()
"""


CALLED = r"""
title: {en: A server that calls back}
entry: ["*.py"]
port: 9500
points: 2
checks:
  - check: calls-back
    title: {en: "it connects where it is told to"}
    points: 1
    steps:
      - {client: data, do: listen, port: 9600}
      - {client: ann, send: "call {port:ann} 9600\n"}
      - {client: data, do: accept}
      - {client: data, expect: "hello 9600\n"}
      - {client: data, send: "{token}\n"}
      - {client: ann, expect: "{token}\n"}
      - {client: data, expect-event: end}
  - check: calls-later
    title: {en: "the same, of another port"}
    points: 1
    steps:
      - {client: ann, send: "call {port:ann} 9601\n"}
      - {client: data, do: accept, port: 9601}
      - {client: data, expect: "hello 9601\n"}
"""

CALLS = r"""
import socket, threading, time
def connect(port):
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            time.sleep(0.01)
def serve(client):
    for line in client.makefile("rb"):
        port = int(line.split()[2])
        called = connect(port)
        called.sendall(b"hello %d\n" % port)
        client.sendall(called.makefile("rb").readline())
        called.shutdown(socket.SHUT_RDWR)
server = socket.create_server(("127.0.0.1", 9500))
while True:
    threading.Thread(target=serve, args=server.accept()[:1], daemon=True).start()
"""


class Order(end_to_end.EndToEnd):
    """Verdicts by what came first."""

    def verdicts(self, code, server):
        return {check["id"]: (check["verdict"], check["finding"])
                for check in self.marked(code, STORE, server)}

    def test_right(self):
        passed = ("pass", "everything as expected")
        self.assertEqual(self.verdicts(0, SELLS), {"small-ones-first": passed,
                                                   "who-does-not-read": passed, "unread": passed})

    def test_one_after_the_other(self):
        """With a rest behind each, so that two answers are never seen at once."""
        server = SELLS.replace("ThreadingTCPServer", "TCPServer").replace(
            "            self.wfile.write", "            time.sleep(0.3)\n            self.wfile.write").replace(
            "for line in self.rfile:", "for line in [self.rfile.readline()]:")
        verdicts = self.verdicts(1, server)
        self.assertEqual(verdicts["small-ones-first"], ("fail", "the other one came first"))

    def test_one_who_waits_for_a_reader(self):
        verdicts = self.verdicts(1, SELLS.replace("ThreadingTCPServer", "TCPServer"))
        self.assertEqual(verdicts["who-does-not-read"], ("fail", "no answer"))

    def test_one_that_stays(self):
        verdicts = self.verdicts(1, SELLS.replace("return", "time.sleep(0)"))
        self.assertEqual(verdicts["unread"], ("fail", "the connection is not closed"))

    def verdict(self, code, right, wrong):
        self.assertIn(right, RETURNS)
        checks = self.marked(code, ENDS, RETURNS.replace(right, wrong))
        self.assertEqual(checks[1]["verdict"], "pass")
        return checks[0]["verdict"], checks[0]["finding"]

    def test_one_that_ends_and_returns(self):
        self.assertEqual(self.verdict(0, "exit(0)", "exit(0)")[0], "pass")

    def test_one_that_does_not_end_in_order(self):
        self.assertEqual(self.verdict(1, "exit(0)", "exit(3)"),
                         ("fail", "the program ended in the wrong way"))
        self.assertEqual(self.verdict(1, "sys.exit(0)", "pass"), ("fail", "the connection is not closed"))

    def test_one_that_does_not_return(self):
        self.assertEqual(self.verdict(1, "address = True", "address = False"),
                         ("fail", "cannot listen again at once"))

    def test_one_that_calls_back(self):
        for code, right, wrong, verdict in (
                (0, "hello", "hello", ("pass", "everything as expected")),
                (1, "hello", "hallo", ("fail", "the answer is wrong")),
                (1, "[2])", "[9])", ("fail", "no client connects"))):
            with self.subTest(wrong):
                checks = self.marked(code, CALLED, CALLS.replace(right, wrong))
                self.assertEqual({(check["verdict"], check["finding"]) for check in checks}, {verdict})


end_to_end.main()
