#!/usr/bin/python3 -B
"""What `proctor grade` makes of the texts of an assignment: bytes, placeholders, protocols.

Usage: test_grade_texts.py PROCTOR [OPTIONS OF unittest]
"""
import end_to_end

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
  greeting: [{send: "{hex:0100}"}, {expect: "{hex:0100}"}]
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
protocol: {kind: echo, line-end: "{hex:000a}"}
points: 2
checks:
  - check: types
    title: {en: "what is typed is printed"}
    points: 1
    steps:
      - {client: ann, do: connect}
      - {type: "second{hex:00}{token}\n"}
      - {expect-output: "second{hex:00}{token}!"}
      - {type: "third{hex:00}{token}\n"}
      - {expect-output-pattern: "d{hex:00}proctor-[0-9a-f]+!"}
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
protocol: {kind: exchange, ask: "hello\n", answer: "HELLO\n"}
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
  ask: "GET {token}\r\nHost: here\r\n\r\n"
  answer: "OK {token}\n{token}\n"
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
protocol: {kind: exchange, ask: "ECHO {token}\r\n", answer: "OK {token}\r\n"}
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

class Texts(end_to_end.EndToEnd):
    """The texts of an assignment are bytes, and a message is all that is said in one go."""

    def expect_verdicts(self, checks, **others):
        """All pass but these."""
        verdicts = {check["id"]: check["verdict"] for check in checks}
        self.assertEqual(verdicts, dict.fromkeys(verdicts, "pass") |
                         {name.replace("_", "-"): verdict for name, verdict in others.items()})

    def test_a_zero_is_a_byte(self):
        checks = self.marked(1, BYTES, FRAMES)
        self.expect_verdicts(checks, other_bytes="fail", other_pattern="fail", too_few="fail")
        other = next(check for check in checks if check["id"] == "other-bytes")
        rows = [row["text"] for row in other["evidence"]]
        self.assertIn(r'ann got 4 bytes: "\x03A\x00C"', rows)
        self.assertIn(r'expected: "\x03A\x00B"', rows)
        said = [event["text"] for event in other["timeline"]]
        self.assertIn(r"\x03A\x00C", said)

    def test_a_protocol_of_bytes(self):
        checks = self.marked(0, BINARY, FRAMES)
        self.expect_verdicts(checks, large_message="skipped")

    def test_a_keyboard_of_bytes(self):
        self.expect_verdicts(self.marked(0, KEYBOARD, PRINTS_TYPED))

    def test_nothing_is_said_but_what_is_asked(self):
        checks = self.marked(0, ASK, UPPER)
        self.expect_verdicts(checks, split_letter="skipped", large_message="skipped")

    def test_the_stop_word_ends_like_all_lines(self):
        self.expect_verdicts(self.marked(0, COMMANDS, OBEYS_IN_THREADS))

    def test_who_is_flooded_is_asked(self):
        """He would answer nothing to what he does not understand, and stall nobody."""
        self.expect_verdicts(self.marked(1, COMMANDS, OBEYS_IN_A_LOOP), slow_reader_stalls_nobody="fail")

    def test_an_ask_of_several_lines_has_one_answer(self):
        self.expect_verdicts(self.marked(0, HEAD, HEADS))

end_to_end.main()
