#!/usr/bin/python3 -B
"""The documents of `proctor grade`: findings, and the rows and waits that are their evidence.

Usage: test_grade.py PROCTOR [OPTIONS OF unittest]
"""
import end_to_end

ROW = """
title: {en: A row}
entry: ["*.py"]
port: 9500
protocol: {kind: sink}
points: 1
checks: [{check: second-client-served, points: 1}]
"""

TALKS = """
import socket
server = socket.create_server(("127.0.0.1", 9500))
while True:
    client = server.accept()[0]
    while data := client.recv(100):
        print("talk to", *client.getpeername(), ":", data.decode(), flush=True)
    client.close()
"""

LATE = """
title: {en: Late}
entry: ["*.py"]
port: 9500
protocol: {kind: echo}
checks:
  - check: waits
    title: {en: it waits}
    points: 1
    steps:
      - {client: ann, do: connect}
      - {client: ann, expect-event: waiting}
  - check: nothing
    title: {en: nothing comes}
    points: 1
    steps:
      - {client: ann, do: connect}
      - {client: ann, send: "a"}
      - {client: ann, expect: "a"}
      - {client: ann, expect-event: nothing}
points: 2
"""

SLEEPS = """
import socket, time
server = socket.create_server(("127.0.0.1", 9500))
while True:
    time.sleep(0.3)
    client = server.accept()[0]
    while data := client.recv(100):
        client.sendall(data)
        time.sleep(0.3)
        client.sendall(b"and more")
    client.close()
"""

CROWD = """
title: {en: A crowd}
entry: ["*.py"]
points: 1
checks: [{check: clients-do-not-mix, points: 1}]
"""


# An echo of bytes, in frames that are as long as their first byte says.
FRAMES = """
import socket, threading
def serve(client):
    stream = client.makefile("rb")
    while length := stream.read(1):
        client.sendall(length + stream.read(length[0]))
    client.close()
server = socket.create_server(("127.0.0.1", 9500), backlog=100)
while True:
    threading.Thread(target=serve, args=server.accept()[:1]).start()
"""

# What does not come is said of the first two scenes, and what comes is met by the others.
BYTES = r"""
title: {en: Bytes}
entry: ["*.py"]
port: 9500
points: 6
checks:
  - check: other-bytes
    title: {en: "03 A 00 C is not 03 A 00 B"}
    points: 1
    steps:
      - {client: ann, do: connect}
      - {client: ann, send: "{hex:03410043}"}
      - {client: ann, expect: "{hex:03410042}"}
  - check: other-pattern
    title: {en: "03 A 00 C does not match 00 D"}
    points: 1
    steps:
      - {client: ann, do: connect}
      - {client: ann, send: "{hex:03410043}"}
      - {client: ann, expect-pattern: "{hex:0044}"}
  - check: same-bytes
    title: {en: "these bytes, and no more"}
    points: 1
    steps:
      - {client: ann, do: connect}
      - {client: ann, send-slowly: "{hex:0400}A{hex:00}C"}
      - {client: ann, expect: "{hex:0400410043}"}
      - {client: ann, expect-event: nothing}
  - check: same-pattern
    title: {en: "a pattern, and no more"}
    points: 1
    steps:
      - {client: ann, do: connect}
      - {client: ann, send: "{hex:04000000}."}
      - {client: ann, expect-pattern: "^.{hex:00}{3}{hex:2e}$"}
      - {client: ann, expect-event: nothing}
  - check: only-zeros
    title: {en: "twenty zeros, and no more"}
    points: 1
    steps:
      - {client: ann, do: connect}
      - {client: ann, send: "{hex:140000000000000000000000000000000000000000}"}
      - {client: ann, expect: "{hex:140000000000000000000000000000000000000000}"}
      - {client: ann, do: half-close}
      - {client: ann, expect-event: end}
  - check: too-few
    title: {en: "a zero is awaited"}
    points: 1
    steps:
      - {client: ann, do: connect}
      - {client: ann, send: "{hex:0141}"}
      - {client: ann, expect: "{hex:014100}"}
"""

BINARY = """
title: {en: A binary protocol}
entry: ["*.py"]
port: 9500
protocol:
  kind: exchange
  ask: "{hex:1900}{token}"
  answer: "{hex:1900}{token}"
  line-end: ""
  greeting: {send: "{hex:0100}", expect: "{hex:0100}"}
points: 5
checks:
  - {check: serves-one-client, points: 1}
  - {check: split-message, points: 1}
  - {check: merged-messages, points: 1}
  - {check: clients-do-not-mix, points: 1}
  - {check: half-close-answered, points: 1}
  - {check: large-message}
"""

# Typed, printed, and said last, with zeros in all of them.
KEYBOARD = r"""
title: {en: A keyboard}
entry: ["*.py"]
port: 9500
type: ["typed{hex:00}first\n"]
stop-word: "bye{hex:00}"
protocol: {line-end: "{hex:000a}"}
points: 2
checks:
  - check: types
    title: {en: "what is typed is printed"}
    points: 1
    steps:
      - {client: ann, do: connect}
      - {type: "second{hex:00}{token}\n"}
      - {expect-output: "second{hex:00}{token}!"}
      - {expect-output-pattern: "{hex:00}proctor-[0-9a-f]+!"}
  - {check: stop-word-ends-session, points: 1}
"""

PRINTS_TYPED = r"""
import socket, sys, termios, threading
terminal = termios.tcgetattr(0)
terminal[3] &= ~termios.ECHO
termios.tcsetattr(0, termios.TCSANOW, terminal)
assert sys.stdin.buffer.readline() == b"typed\0first\n"
def serve(client):
    for line in client.makefile("rb"):
        if line == b"bye\0\0\n":
            break
        client.sendall(line)
    client.shutdown(socket.SHUT_RDWR)
server = socket.create_server(("127.0.0.1", 9500))
def accept():
    while True:
        threading.Thread(target=serve, args=server.accept()[:1]).start()
threading.Thread(target=accept).start()
for line in sys.stdin.buffer:
    sys.stdout.buffer.write(line.rstrip() + b"!\n")
    sys.stdout.flush()
"""

# Each line in capitals, in pieces or not and however long; but {token} cannot be said in capitals.
UPPER = """
import socketserver
class Upper(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line.upper())
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
Server(("127.0.0.1", 9500), Upper).serve_forever()
"""

ASK = r"""
title: {en: What may be asked}
entry: ["*.py"]
port: 9500
protocol: {kind: exchange, ask: "hello", answer: "HELLO\n"}
points: 3
checks:
  - {check: split-message, points: 1}
  - {check: split-letter}
  - {check: merged-messages, points: 1}
  - {check: large-message}
  - {check: half-silent-client-stalls-nobody, points: 1}
"""

# A request is a head of lines that an empty one ends; its first line has a word that comes back.
HEADS = r"""
import socket, threading
def serve(client):
    stream = client.makefile("rb")
    while first := stream.readline():
        while stream.readline() not in (b"\r\n", b""):
            pass
        word = first.split()[1]
        client.sendall(b"OK " + word + b"\n" + word + b"\n")
    client.close()
server = socket.create_server(("127.0.0.1", 9500), backlog=100)
while True:
    threading.Thread(target=serve, args=server.accept()[:1]).start()
"""

HEAD = r"""
title: {en: A head of lines}
entry: ["*.py"]
port: 9500
protocol:
  kind: exchange
  ask: "GET {token}\r\nHost: here"
  answer: "OK {token}\n{token}\n"
  line-end: "\r\n\r\n"
points: 6
checks:
  - {check: serves-one-client, points: 1}
  - {check: split-message, points: 1}
  - {check: split-letter, points: 1}
  - {check: merged-messages, points: 1}
  - {check: large-message, points: 1}
  - {check: clients-do-not-mix, points: 1}
"""

COMMANDS = r"""
title: {en: Commands that end as HTTP lines do}
entry: ["*.py"]
port: 9500
protocol: {kind: exchange, ask: "ECHO {token}", answer: "OK {token}\r\n", line-end: "\r\n"}
stop-word: QUIT
points: 5
checks:
  - {check: large-message, points: 1}
  - {check: slow-reader-stalls-nobody, points: 1}
  - {check: reset-survived, points: 1}
  - {check: every-client-in-turn, points: 1}
  - {check: stop-word-ends-session, points: 1}
"""

# Knows only these commands, with a thread for each client, or (in one loop) without.
OBEYS = r"""
import selectors, socket, threading
server = socket.create_server(("127.0.0.1", 9500), backlog=100)
def obey(client, kept):
    *lines, rest = (kept + client.recv(65536)).split(b"\r\n")
    for line in lines:
        if line == b"QUIT":
            raise EOFError
        assert line.startswith(b"ECHO ")
        client.sendall(b"OK " + line[5:] + b"\r\n")
    if rest == kept and not lines:
        raise EOFError
    return rest
def serve(client):
    kept = b""
    try:
        while True:
            kept = obey(client, kept)
    except (EOFError, OSError):
        client.close()
"""

OBEYS_IN_THREADS = OBEYS + """
while True:
    threading.Thread(target=serve, args=server.accept()[:1], daemon=True).start()
"""

OBEYS_IN_A_LOOP = OBEYS + """
ready = selectors.DefaultSelector()
ready.register(server, selectors.EVENT_READ)
while True:
    for key, _ in ready.select():
        if key.fileobj is server:
            ready.register(server.accept()[0], selectors.EVENT_READ, b"")
            continue
        try:
            ready.modify(key.fileobj, selectors.EVENT_READ, obey(key.fileobj, key.data))
        except (EOFError, OSError):
            ready.unregister(key.fileobj)
            key.fileobj.close()
"""


class SecondClient(end_to_end.EndToEnd):
    WAITS = ["blocked", "served after the first client left"]
    SERVED = ["served", "not played"]

    def grade(self, name, findings):
        """The checks of a submission: these findings, by evidence."""
        checks = self.document(0, ".", "grade", "second-client", "--", "python3",
                               f"submissions/{name}.py")["checks"]
        self.assertEqual([check["finding"] for check in checks], findings)
        self.assertEqual([check["decided_by"] for check in checks], ["evidence"] * len(checks))
        return checks

    def test_who_serves_one_client_at_a_time(self):
        evidence = self.grade("sequential_sink", self.WAITS)[0]["evidence"]
        self.assertIn("the first client", [row.get("waits_on") for row in evidence])
        self.assertIn(0, [row.get("inode") for row in evidence])
        self.grade("sequential_echo", self.WAITS)

    def test_who_leaves_processes(self):
        self.grade("escaping", self.WAITS)
        self.assertEqual(self.run_command("pgrep", "-f", "submissions/escaping.py").out, "",
                         "a submission is still running")

    def test_who_serves_many(self):
        for name in ("threaded_echo", "select_echo", "slow_ticker", "upper_case"):
            with self.subTest(name):
                self.grade(name, self.SERVED)


class Graded(end_to_end.EndToEnd):
    def grade(self, code, assignment, submission):
        """The checks of a submission under an assignment, both texts."""
        document = self.document(code, "", "grade", self.write("assignment.yaml", assignment),
                                 self.write("submission.py", submission))
        return document["checks"]


class Evidence(Graded):
    def test_no_row_comes_twice(self):
        (served,) = [check for check in self.grade(1, ROW, TALKS) if check["id"] == "second-client-served"]
        self.assertEqual(served["verdict"], "fail")
        rows = [row["text"] for row in served["evidence"]]
        self.assertEqual(len(set(rows)), len(rows), rows)
        for begin in ("client 1", "client 2's"):
            self.assertTrue(any(row.startswith(begin) for row in rows), rows)
        self.assertTrue(any("sleeps in recvfrom on client 1" in row for row in rows), rows)

    def test_what_was_printed(self):
        """It stands there as it was, but for what would act on a terminal."""
        checks = self.grade(1, ROW, r'print("d\u00e9j\u00e0 vu \x1b[31mrouge\x1b[0m \u202egnirts")')
        rows = [row["text"] for check in checks for row in check["evidence"]]
        self.assertIn("its output: déjà vu rouge gnirts\n", rows)

    def test_who_only_sleeps_for_a_while(self):
        """He has to wake up before it is said that nothing comes, or nobody is taken."""
        checks = [check for check in self.grade(1, LATE, SLEEPS) if check["id"] in ("waits", "nothing")]
        self.assertEqual([(check["verdict"], check["decided_by"]) for check in checks],
                         [("fail", "evidence")] * 2)

    def test_a_crowd_of_threads(self):
        assignment = self.write("crowd.yaml", CROWD)
        check = self.document(0, "", "grade", assignment, "right/threads.py")["checks"][0]
        self.assertGreaterEqual(check["timeline_left_out"]["tasks"], 20)
        threads = {event["tid"] for event in check["timeline"] if event.get("until_ms") is not None}
        self.assertIn(len(threads), range(2, 13))
        times = [event["t_ms"] for event in check["timeline"]]
        self.assertEqual(times, sorted(times))

class Texts(Graded):
    """The texts of an assignment are bytes, and a message is all that is said in one go."""

    def expect_verdicts(self, checks, **others):
        """All pass but these."""
        verdicts = {check["id"]: check["verdict"] for check in checks}
        self.assertEqual(verdicts, dict.fromkeys(verdicts, "pass") |
                         {name.replace("_", "-"): verdict for name, verdict in others.items()})

    def test_a_zero_is_a_byte(self):
        checks = self.grade(1, BYTES, FRAMES)
        self.expect_verdicts(checks, other_bytes="fail", other_pattern="fail", too_few="fail")
        other = next(check for check in checks if check["id"] == "other-bytes")
        rows = [row["text"] for row in other["evidence"]]
        self.assertIn(r'ann got 4 bytes: "\x03A\x00C"', rows)
        self.assertIn(r'expected: "\x03A\x00B"', rows)
        said = [event["text"] for event in other["timeline"]]
        self.assertIn(r"\x03A\x00C", said)

    def test_a_protocol_of_bytes(self):
        checks = self.grade(0, BINARY, FRAMES)
        self.expect_verdicts(checks, large_message="skipped")

    def test_a_keyboard_of_bytes(self):
        self.expect_verdicts(self.grade(0, KEYBOARD, PRINTS_TYPED))

    def test_nothing_is_said_but_what_is_asked(self):
        checks = self.grade(0, ASK, UPPER)
        self.expect_verdicts(checks, split_letter="skipped", large_message="skipped")

    def test_the_stop_word_ends_like_all_lines(self):
        self.expect_verdicts(self.grade(0, COMMANDS, OBEYS_IN_THREADS))

    def test_who_is_flooded_is_asked(self):
        """He would answer nothing to what he does not understand, and stall nobody."""
        self.expect_verdicts(self.grade(1, COMMANDS, OBEYS_IN_A_LOOP), slow_reader_stalls_nobody="fail")

    def test_an_ask_of_several_lines_has_one_answer(self):
        self.expect_verdicts(self.grade(0, HEAD, HEADS))


end_to_end.main()
