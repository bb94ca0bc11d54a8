#!/usr/bin/python3 -B
"""What `proctor grade` sees of datagrams: who hears them, what lies unread, what is refused.

Usage: test_grade_udp.py PROCTOR [OPTIONS OF unittest]
"""
import json

import end_to_end

ECHO = """
title: {en: An echo over UDP}
entry: ["*.py"]
port: 9500
transport: udp
protocol: {kind: echo}
points: 10
checks:
  - {check: starts-and-listens, points: 1}
  - {check: serves-one-client, points: 1}
  - {check: second-client-served, points: 1}
  - {check: clients-do-not-mix, points: 1}
  - {check: clients-at-once, points: 1}
  - {check: reset-survived, points: 1}
  - {check: no-spinning, points: 1}
  - {check: restart-at-once, points: 1}
  - {check: ends-on-SIGTERM, points: 1}
  - check: quiet
    title: {en: "nothing comes that nobody has asked for"}
    points: 1
    steps:
      - {client: ann, send: "{token}"}
      - {client: ann, expect: "{token}"}
      - {client: ann, expect-event: nothing}
"""

BEGIN = """
import os, select, signal, socket, threading, time
def bound(family=socket.AF_INET, host="", port=9500, share=False):
    server = socket.socket(family, socket.SOCK_DGRAM)
    if share:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    server.bind((host, port))
    return server
def echo(server):
    data, client = server.recvfrom(65536)
    server.sendto(data, client)
"""

RIGHT = {
    "all addresses": "server = bound()\nwhile True: echo(server)",
    "IPv6, too": "server = bound(socket.AF_INET6, '::')\nwhile True: echo(server)",
    "IPv6 alone": "server = bound(socket.AF_INET6, '::1')\nwhile True: echo(server)",
    "both families": """
servers = [bound(socket.AF_INET, "127.0.0.1"), bound(socket.AF_INET6, "::1")]
while True:
    for server in select.select(servers, [], [])[0]: echo(server)""",
    "several sockets at one port": """
for i in range(3):
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        server = bound(share=True)
        while True: echo(server)
def end(*_):
    os.killpg(0, signal.SIGKILL)
signal.signal(signal.SIGTERM, end)
signal.pause()""",
    "a time-out for each receive": """
server = bound()
server.settimeout(0.05)
while True:
    try: echo(server)
    except socket.timeout: pass""",
    "a TCP listener beside it": """
beside = socket.create_server(("127.0.0.1", 9500))
server = bound()
while True: echo(server)""",
    "a socket of its own to ask others": """
other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
other.sendto(b"x", ("127.0.0.1", 9))
server = bound()
while True: echo(server)""",
}

# What it is, the check that fails, its finding, words of the evidence, words of the hint, its ground.
WRONG = {
    "sleeps over what comes": (
        "server = bound()\necho(server)\nsignal.pause()", "second-client-served",
        "the second client is blocked", "has datagrams that nobody has read in its queue",
        "lies unread", "proved"),
    "reads and says nothing": (
        "server = bound()\nwhile True: server.recvfrom(99)", "serves-one-client",
        "the client is not answered", "has no unread datagram in its queue", "sendto()", "proved"),
    "closes its socket": (
        "server = bound()\necho(server)\nserver.close()\nsignal.pause()", "second-client-served",
        "a datagram was refused", "was refused (ICMP: port unreachable)", "keep the one that is",
        "seen"),
    "connects": (
        "server = bound()\ndata, client = server.recvfrom(99)\nserver.connect(client)\n"
        "server.send(data)\nwhile True: server.send(server.recv(99))", "second-client-served",
        "a datagram was refused", ", connected to 127.0.0.1:", "deaf to all clients but one", "seen"),
    "answers from another port": (
        "server = bound()\nwhile True:\n    data, client = server.recvfrom(99)\n"
        "    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(data, client)",
        "serves-one-client", "the answer comes from another address", "its own went to 127.0.0.1:9500",
        "on the socket that is bound", "seen"),
    "answers twice": (
        "server = bound()\nwhile True:\n    data, client = server.recvfrom(99)\n"
        "    server.sendto(data, client)\n    server.sendto(data, client)",
        "serves-one-client", "more came back than was requested", "nothing more", "with one", "seen"),
    "answers in two pieces": (
        "server = bound()\nwhile True:\n    data, client = server.recvfrom(99)\n"
        "    server.sendto(data[:9], client)\n    server.sendto(data[9:], client)",
        "serves-one-client", "the answer is wrong", "got 9 bytes instead of 25", "compare", "seen"),
    "answers the latest": (
        "server = bound()\nlatest = []\nwhile True:\n    data, client = server.recvfrom(99)\n"
        "    latest.append(client)\n    server.sendto(data, latest[0])", "second-client-served",
        "an answer went to another client", "", "One client got what another sent", "seen"),
    "TCP": (
        "server = socket.create_server(('', 9500))\nwhile True: server.accept()",
        "starts-and-listens", "listens over TCP, not over UDP", "the listener 0.0.0.0:9500",
        "SOCK_DGRAM", "proved"),
    "not bound": (
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).recvfrom(99)", "starts-and-listens",
        "has a socket that is not bound to the port", "", "bind() it", "proved"),
    "another port": (
        "server = bound(port=9501)\nwhile True: echo(server)", "starts-and-listens",
        "listens on another port", "the UDP socket 0.0.0.0:9501", "required port", "proved"),
    "connected at once": (
        "server = bound()\nserver.connect(('127.0.0.1', 9600))\nwhile True: server.recv(99)",
        "starts-and-listens", "its UDP socket hears one address only",
        "connected to 127.0.0.1:9600", "connect()", "proved seen"),  # bound for a moment, perhaps
    "waits for the keyboard": (
        "input()\nserver = bound()", "starts-and-listens", "does not listen", "", "bind()", "proved"),
}

SCENES = """
title: {en: "TCP to speak, UDP for data"}
entry: ["*.py"]
port: 9500
points: 6
checks:
  - {check: starts-and-listens, points: 1}
  - check: both
    title: {en: "the same port over both"}
    points: 1
    steps:
      - {client: ann, send: "{token}\\n"}
      - {client: ann, expect: "{token}\\n"}
      - {client: ben, do: connect, transport: udp}
      - {client: ben, send: "{token}"}
      - {client: ben, expect-pattern: "^got {token} from {port:ben}$"}
      - {client: ben, expect-event: nothing}
  - check: calls
    title: {en: "sends to where a client listens, and hears its answer"}
    points: 1
    steps:
      - {client: data, do: listen, port: 9600, transport: udp}
      - {client: ann, send: "call 9600\\n"}
      - {client: data, expect: "hello"}
      - {client: data, send: "{token}"}
      - {client: data, expect-pattern: "{token} from 9600"}
  - check: same-port
    title: {en: "an empty datagram, and one of many bytes"}
    points: 1
    steps:
      - {client: ben, do: connect, transport: udp}
      - {client: ben, send: ""}
      - {client: ben, expect-pattern: "^got  from"}
      - {client: ben, send: {repeat: "0123456789", times: 6000}}
      - {client: ben, expect-pattern: "9 from [0-9]+$"}
  - check: refused
    title: {en: "who is killed answers nobody, and again after its start"}
    points: 2
    steps:
      - {client: ben, do: connect, transport: udp}
      - {client: ben, send: "a"}
      - {client: ben, expect-pattern: "got a"}
      - {do: kill}
      - {client: ben, send: "b"}
      - {client: ben, expect-event: nothing}
      - {do: restart}
      - {client: ben, send: "c"}
      - {client: ben, expect-pattern: "got c"}
"""

SPEAKS_BOTH = BEGIN + """
import socketserver
data = bound()
def answer():
    while True:
        text, client = data.recvfrom(65536)
        data.sendto(b"got %s from %d" % (text, client[1]), client)
class Line(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            if line.startswith(b"call"):
                data.sendto(b"hello", ("127.0.0.1", int(line.split()[1])))
            else:
                self.wfile.write(line)
threading.Thread(target=answer, daemon=True).start()
socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer.daemon_threads = True
socketserver.ThreadingTCPServer(("", 9500), Line).serve_forever()
"""

CLIENT = """
title: {en: A client over UDP}
role: client
entry: ["*.py"]
port: 9500
transport: udp
points: 3
checks:
  - check: asks
    title: {en: "asks, and shows the answer"}
    points: 3
    steps:
      - {client: it, do: accept}
      - {client: it, expect: "hello", points: 1}
      - {client: it, send: "{token}"}
      - {expect-output: "{token}", points: 1}
      - {expect-exit: 0, points: 1}
"""

ASKS = """
import socket
asked = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asked.sendto(b"hello", ("127.0.0.1", 9500))
print(asked.recvfrom(99)[0].decode())
"""


class Udp(end_to_end.EndToEnd):
    """One datagram a step, and a row of the kernel's for what is claimed."""

    def grade(self, assignment, server):
        path = self.write("udp.yaml", assignment)
        program = self.write("server.py", server)
        run = self.proctor("grade", path, "--json", "-", "--", "python3", program)
        return json.loads(run.out)

    def test_right(self):
        for name, server in RIGHT.items():
            with self.subTest(name):
                grade = self.grade(ECHO, BEGIN + server)
                self.assertEqual(
                    [(check["id"], check["finding"], check["evidence"]) for check in grade["checks"]
                     if check["verdict"] != "pass"], [])

    def test_wrong(self):
        for name, (server, check_id, finding, evidence, hint, ground) in WRONG.items():
            with self.subTest(name):
                grade = self.grade(ECHO, BEGIN + server)
                check = next(one for one in grade["checks"] if one["id"] == check_id)
                self.assertEqual((check["verdict"], check["finding"]), ("fail", finding), check)
                self.assertIn(evidence, "\n".join(row["text"] for row in check["evidence"]))
                self.assertIn(hint, check["hint"])
                self.assertIn(check["ground"], ground.split())

    def test_udp_where_tcp_is_asked(self):
        grade = self.grade(ECHO.replace("transport: udp\n", ""),
                           BEGIN + "server = bound()\nwhile True: echo(server)")
        check = grade["checks"][0]
        self.assertEqual(check["finding"], "listens over UDP, not over TCP")
        self.assertIn("the UDP socket 0.0.0.0:9500", "\n".join(row["text"] for row in check["evidence"]))
        self.assertIn("SOCK_STREAM", check["hint"])

    def test_rows_have_numbers(self):
        grade = self.grade(ECHO, BEGIN + WRONG["sleeps over what comes"][0])
        rows = [row for check in grade["checks"] for row in check["evidence"]
                if row.get("transport") == "udp" and row["receive_queue"] > 0]
        self.assertTrue(rows)
        self.assertEqual((rows[0]["local"], rows[0]["drops"]), ("0.0.0.0:9500", 0))

    def test_scenes(self):
        grade = self.grade(SCENES, SPEAKS_BOTH)
        self.assertEqual([(check["id"], check["finding"], check["evidence"])
                          for check in grade["checks"] if check["verdict"] != "pass"], [])

    def test_scenes_without_udp(self):
        server = SPEAKS_BOTH.replace("data = bound()", "data = bound(port=9501)")
        checks = {check["id"]: check for check in self.grade(SCENES, server)["checks"]}
        self.assertEqual(checks["both"]["finding"], "does not listen over UDP")
        self.assertIn("no UDP socket", checks["both"]["evidence"][0]["text"])
        self.assertEqual(checks["calls"]["verdict"], "pass")

    def test_client(self):
        self.assertEqual(self.grade(CLIENT, ASKS)["verdict"], "pass")
        checks = self.grade(CLIENT, ASKS.replace("hello", "hallo"))["checks"]
        self.assertEqual(checks[0]["finding"], "the answer is wrong")
        checks = self.grade(CLIENT, ASKS.replace("SOCK_DGRAM", "SOCK_STREAM"))["checks"]
        self.assertEqual(checks[0]["finding"], "no datagram comes")


if __name__ == "__main__":
    end_to_end.main()
