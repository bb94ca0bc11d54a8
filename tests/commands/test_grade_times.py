#!/usr/bin/python3 -B
"""What `proctor grade` makes of assignments that are about time: the only servers among the tests that
wait, a few tenths of a second each.

Usage: test_grade_times.py PROCTOR [OPTIONS OF unittest]
"""
import end_to_end

SLOW = r"""
title: {en: A slow echo}
entry: ["*.py"]
port: 9500
points: 2
checks:
  - check: waits
    title: {en: "after 300 ms, and within 20 s"}
    points: 1
    steps:
      - {client: ann, send: "{token}\n"}
      - {do: wait, for: 30ms}
      - {client: ann, expect: "{token}\n", not-before: 300ms, within: 20s}
  - check: comes
    title: {en: "within a second"}
    points: 1
    steps:
      - {client: ann, send: "soon {token}\n"}
      - {client: ann, expect: "soon {token}\n", within: 1s}
"""

ECHOES = r"""
import socketserver, time
class Slow(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            time.sleep(0.0 if line.startswith(b"soon") else 0.31)
            self.wfile.write(line)
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
Server(("127.0.0.1", 9500), Slow).serve_forever()
"""

STREAM = r"""
title: {en: A stream}
entry: ["*.py"]
port: 9500
points: 1
checks:
  - check: plays
    title: {en: "500 to 2000 bytes per second"}
    points: 1
    steps:
      - {client: ann, send: "PLAY\n"}
      - {client: ann, expect-pattern: "(.{99}\n){20}", rate: {least: 500, most: 2000}}
      - {client: ann, expect-event: nothing}
"""

STREAMS = r"""
import socket, time
server = socket.create_server(("127.0.0.1", 9500))
while True:
    client = server.accept()[0]
    while client.recv(100):
        for _ in range(20):
            client.sendall(b"x" * 99 + b"\n")
            time.sleep(0.06)
    client.close()
"""


class Times(end_to_end.EndToEnd):
    """Verdicts of times are by the clock."""

    def verdicts(self, code, assignment, server, **changes):
        for right, wrong in changes.values():
            self.assertIn(right, server)
            server = server.replace(right, wrong)
        checks = self.marked(code, assignment, server)
        return [(check["verdict"], check["finding"], check["ground"]) for check in checks]

    def test_a_slow_echo(self):
        self.assertEqual(self.verdicts(0, SLOW, ECHOES),
                         [("pass", "everything as expected", "clock"),
                          ("pass", "everything as expected", "seen")])

    def test_one_that_does_not_wait(self):
        (early, finding, ground), (others, *_) = self.verdicts(1, SLOW, ECHOES, wait=("0.31", "0.1"))
        self.assertEqual((early, finding, ground), ("fail", "it came too early", "clock"))
        self.assertEqual(others, "pass")

    def test_one_that_takes_its_time(self):
        (others, *_), late = self.verdicts(1, SLOW, ECHOES, wait=("0.0 if", "8.0 if"))
        self.assertEqual(others, "pass")
        self.assertEqual(late, ("fail", "no answer", "clock"))

    def test_a_stream(self):
        self.assertEqual(self.verdicts(0, STREAM, STREAMS)[0][0], "pass")

    def test_one_that_sends_all_at_once(self):
        self.assertEqual(self.verdicts(1, STREAM, STREAMS, wait=("0.06", "0.0")),
                         [("fail", "it comes too fast", "clock")])

    def test_one_that_is_slow(self):
        self.assertEqual(self.verdicts(1, STREAM, STREAMS, wait=("0.06", "0.25")),
                         [("fail", "it comes too slowly", "clock")])


end_to_end.main()
