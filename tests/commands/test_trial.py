#!/usr/bin/python3 -B
"""`proctor grade --check`: an assignment with one mistake in it, and what is said of a right solution.

Usage: test_trial.py PROCTOR [OPTIONS OF unittest]
"""
import end_to_end

ASSIGNMENT = r"""title: {en: Shouts}
entry: ["*.py"]
port: 9500
protocol: {kind: exchange, ask: "shout {token}\n", answer: "{token}!\r\n"}
beside:
  - {name: clock, run: "sleep 1000"}
points: 4
checks:
  - {check: serves-one-client, points: 1}
  - check: twice
    needs: serves-one-client
    title: {en: twice}
    points: 2
    steps:
      - {client: ann, send: "shout {number:a,1,9}\n"}
      - {client: ann, expect: "{number:a}!\r\n", points: 1}
      - {client: ann, send: "shout {hex:001b}\n"}
      - {client: ann, expect: "{hex:001b}!\r\n", points: 1}
  - check: says-bye
    title: {en: it ends}
    points: 1
    steps:
      - {client: ann, send: "end\n"}
      - {client: ann, expect-line-pattern: "^bye$"}
      - {client: ann, expect-event: end}
      - {expect-exit: 0}
"""

RIGHT = r"""
import os, socketserver
class Shouts(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            if line == b"end\n":
                self.wfile.write(b"bye\n")
                print("it ends", flush=True)
                os._exit(0)
            self.wfile.write(line[6:].rstrip(b"\n") + b"!\r\n")
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
Server(("127.0.0.1", 9500), Shouts).serve_forever()
"""

# What is wrong in it, instead of what; and the lines that are said of it.
MISTAKES = {
    "answer": (r'answer: "{token}!\r\n"', r'answer: "{token}!\n"', [
        "serves-one-client: 1 of 1 points not reached: more came back than was requested (fail)",
        r'instead of "proctor-', r'they part at byte 25: "\r\n" instead of "\n"',
        "twice: 2 of 2 points not reached: not played: a check that it needs did not pass (not run)",
        "- it needs serves-one-client"]),
    "bytes": (r'expect: "{hex:001b}!\r\n"', r'expect: "{hex:001c}!\r\n"', [
        "twice: 1 of 2 points not reached: the answer is wrong (partial)",
        r'ann got 5 bytes: "\x00\x1b!\r\n"', r'expected: "\x00\x1c!\r\n"',
        r'they part at byte 1: "\x1b!\r\n" instead of "\x1c!\r\n"', "in step 4 of the scene",
        "that is line 18 of the file"]),
    "pattern": ('"^bye$"', '"^BYE$"', [
        r'"bye\n"', 'expected: a line with "^BYE$" (a pattern)', "that is line 24"]),
    "exit code": ("expect-exit: 0", "expect-exit: 1", [
        "expected: exit code 1", "the submission ended with exit code 0", "its output: it ends\n",
        "that is line 26"]),
    "model": ("points: 4\nchecks:\n",
              "model: pool\npoints: 5\nchecks:\n  - {check: is-model, points: 1}\n", [
        "its model is thread (", "the required model is pool"]),
    "build": ("port: 9500\n", "port: 9500\nbuild: echo broken >&2; exit 3\n", [
        "builds: 4 of 4 points not reached: it cannot be built (fail)",
        "the build ended with exit code 3", "its output: broken\n"]),
    "entry": ('["*.py"]', '["*.c"]', [
        "is-handed-in: 4 of 4 points not reached", "no file matches '*.c'; found solution.py"]),
    "beside": ("sleep 1000", "echo no clock; exit 1", [
        "running the assignment's own programs:\n      - the assignment's program 'clock' ended with exit code 1",
        "no clock"]),
    "event": ("{client: ann, expect-event: end}", "{client: ann, expect-event: reset}", [
        "says-bye: 1 of 1 points not reached", "that is line 25"]),
    "port": ("port: 9500\n", "port: 9600\n", [
        "serves-one-client: 1 of 1 points not reached: not played", "- it needs starts-and-listens"]),
}


class Trial(end_to_end.EndToEnd):
    def check(self, text):
        return self.proctor("grade", "--check", self.write("shouts.yaml", text),
                            self.write("solution.py", RIGHT))

    def test_without_a_mistake(self):
        run = self.check(ASSIGNMENT)
        self.assertEqual(run.code, 0, run.out)
        self.assertEqual(len(run.out.splitlines()), 2)

    def test_what_is_said_of_each_mistake(self):
        for name, (right, wrong, said) in MISTAKES.items():
            with self.subTest(name):
                self.assertIn(right, ASSIGNMENT)
                run = self.check(ASSIGNMENT.replace(right, wrong, 1))
                self.assertEqual(run.code, 1, run.out)
                for line in said:
                    self.assertIn(line, run.out)


end_to_end.main()
