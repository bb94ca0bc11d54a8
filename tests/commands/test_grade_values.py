#!/usr/bin/python3 -B
"""What `proctor grade` draws and computes: numbers, words, bytes, in scenes and in protocols.

Usage: test_grade_values.py PROCTOR [OPTIONS OF unittest]
"""
import json

import end_to_end

CALCULATOR = r"""
title: {en: A calculator}
entry: ["*.py"]
port: 9500
protocol:
  kind: exchange
  ask: "ADD {number:a,-9999,9999} {number:b,-9999,9999}\n"
  answer-pattern: "RESULT {=a+b} *\r?\n"
points: 5
checks:
  - {check: serves-one-client, points: 1}
  - {check: merged-messages, points: 1}
  - {check: clients-do-not-mix, points: 1}
  - check: multiplies
    title: {en: "negative numbers, too"}
    points: 1
    steps:
      - {client: ann, do: connect}
      - {client: ann, send: "MUL {number:a,1,999} {number:b,-999,-2}\n"}
      - {client: ann, expect-line-pattern: "^RESULT {=a*b}$"}
  - check: packs
    title: {en: "a length, a word, a product in 32 bits"}
    points: 1
    steps:
      - {client: ann, do: connect}
      - {client: ann, send: "PACK {number:a,-999,999} 3 {word:text,9}\n"}
      - {client: ann, expect: "{u8:length(text)}{word:text}{u32:a*3}"}
"""

CALCULATES = r"""
import socketserver, struct
class Calculator(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            verb, a, b, *text = line.split()
            a, b = int(a), int(b)
            if verb == b"PACK":
                self.wfile.write(bytes([len(text[0])]) + text[0] + struct.pack(">i", b * a))
            else:
                self.wfile.write(b"RESULT %d\n" % (a + b if verb == b"ADD" else a * b))
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 100
Server(("127.0.0.1", 9500), Calculator).serve_forever()
"""

WRONG = {
    "no sign": (("a * b)", "abs(a * b))"), {"multiplies"}),
    "concatenates": (("a + b if", "int(b'%d%d' % (a, abs(b))) if"),
                     {"serves-one-client", "merged-messages", "clients-do-not-mix"}),
    "little endian": ((">i", "<i"), {"packs"}),
}


class Values(end_to_end.EndToEnd):
    """What is drawn is new in each grading, and the same of one seed."""

    def grade(self, server, *options):
        path = self.write("values.yaml", CALCULATOR)
        program = self.write("server.py", server)
        run = self.proctor("grade", path, *options, "--json", "-", "--", "python3", program)
        return json.loads(run.out)

    def test_right_and_wrong(self):
        self.assertEqual(self.grade(CALCULATES)["verdict"], "pass")
        for name, ((right, wrong), lost) in WRONG.items():
            with self.subTest(name):
                self.assertIn(right, CALCULATES)
                checks = self.grade(CALCULATES.replace(right, wrong))["checks"]
                self.assertEqual({check["id"] for check in checks if check["verdict"] != "pass"}, lost)

    def test_one_seed_draws_the_same(self):
        one = self.grade(CALCULATES)
        values = {check["id"]: check.get("values") for check in one["checks"]}
        self.assertEqual(set(values["packs"]), {"a", "text"})
        self.assertRegex(values["packs"]["text"], "^[a-p]{9}$")
        self.assertTrue(-999 <= values["multiplies"]["b"] <= -2)
        self.assertIsNone(values["serves-one-client"])
        same = self.grade(CALCULATES, "--seed", one["seed"])
        self.assertEqual(values, {check["id"]: check.get("values") for check in same["checks"]})
        other = self.grade(CALCULATES, "--seed", "another")
        self.assertNotEqual(values["packs"], other["checks"][-1]["values"])
        self.expect(2, "--seed: --replay has the seed", "grade", "values.yaml", "x", "--seed", "1",
                    "--output", self.work, "--replay", "x", "packs")


WHOLE = r"""
title: {en: What is drawn once}
entry: ["*.py"]
port: 9500
arguments: "{word:name,8} {=level+1} '{number:level} ${word:none,2}'"
environment: {KEY: "it's {word:key,6}{=length(key)}"}
type: ["{word:name}\n"]
files:
  conf.txt: "{word:secret,12} {number:level,100,999}\n"
  page.txt: {repeat: "{word:secret}{u8:level/10}{css:stays}", bytes: 23}
beside:
  - name: origin
    run: python3 origin.py {port} {word:secret}
    port: 9700
    files:
      origin.py: |
        import socket, sys
        listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
        while True:
            listener.accept()[0].sendall((sys.argv[2] + " {word:page,9}\n").encode())
protocol:
  kind: prefix
  prefix: "{word:secret}> "
stop-word: "bye {word:name}"
points: 6
checks:
  - {check: serves-one-client, points: 1}
  - {check: stop-word-ends-session, points: 1}
  - check: knows
    title: {en: "its arguments, environment, keyboard, files, and the program beside"}
    points: 2
    steps:
      - {client: ann, send: "arguments\n"}
      - {client: ann, expect: "{word:secret}> {word:name} {=level+1} {number:level} ${hex:7b}word:none,2}\n"}
      - {client: ann, send: "key\n"}
      - {client: ann, expect-line-pattern: "^{word:secret}> it's {word:key}6$"}
      - {client: ann, send: "typed\n"}
      - {client: ann, expect: "{word:secret}> {word:name}\n"}
      - {client: ann, send: "page {number:own,10,99}\n"}
      - {client: ann, expect: "{word:secret}> {word:secret}{u8:level/10}{hex:7b}css:stays{number:own}\n"}
      - {client: ann, send: "origin\n"}
      - {client: ann, expect: "{word:secret}> {word:secret} {word:page}\n"}
  - check: own-arguments
    title: {en: "a check draws, too"}
    arguments: "{word:other,5} 1 2 3"
    points: 1
    steps:
      - {client: ann, send: "arguments\n"}
      - {client: ann, expect: "{word:secret}> {word:other} 1 2 3\n"}
  - check: same-again
    title: {en: "in the next scene they are the same"}
    points: 1
    steps:
      - {client: ann, send: "arguments\n"}
      - {client: ann, expect-pattern: "> {word:name} {=level+1} "}
"""

KNOWS = r"""
import os, socket, socketserver, sys
secret = open("conf.txt").read().split()[0]
typed = sys.stdin.readline().strip()
class Server(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            word = line.split(b" ")[0].strip()
            if line == b"bye %s\n" % sys.argv[1].encode():
                return
            answer = line
            if word == b"arguments":
                answer = " ".join(sys.argv[1:]).encode() + b"\n"
            elif word == b"key":
                answer = os.environ["KEY"].encode() + b"\n"
            elif word == b"typed":
                answer = typed.encode() + b"\n"
            elif word == b"page":
                answer = open("page.txt", "rb").read() + line[5:]
            elif word == b"origin":
                answer = socket.create_connection(("127.0.0.1", 9700)).makefile("rb").readline()
            self.wfile.write(secret.encode() + b"> " + answer)
class Threads(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
Threads(("127.0.0.1", 9500), Server).serve_forever()
"""


class DrawnOnce(end_to_end.EndToEnd):
    """What files and command lines draw is the same in a whole grading, and known everywhere."""

    def grade(self, server, *options):
        self.proctor("grade", self.write("whole.yaml", WHOLE),
                     self.write("server.py", server), "--output", self.work / "out", *options)
        return end_to_end.load_document(self.work / "out/grades/server.json")

    def test_all_know_them(self):
        one = self.grade(KNOWS)
        self.assertEqual([(check["id"], check["verdict"]) for check in one["checks"]
                          if check["verdict"] != "pass"], [], one)
        values = one["values"]
        self.assertEqual(set(values), {"name", "level", "key", "secret", "page", "other"})
        self.assertRegex(values["secret"], "^[a-p]{12}$")
        self.assertEqual(set(one["checks"][2]["values"]), {"own"})
        self.assertEqual(self.grade(KNOWS, "--seed", one["seed"])["values"], values)
        self.assertNotEqual(self.grade(KNOWS, "--seed", "another")["values"], values)

    def test_a_replay_repeats_them(self):
        """A server that knows the word of that one grading passes in its replay alone."""
        first = self.grade(KNOWS)
        knows_it = KNOWS.replace('open("conf.txt").read().split()[0]', repr(first["values"]["secret"]))
        self.assertEqual(self.grade(knows_it)["checks"][0]["verdict"], "fail")
        self.assertEqual(self.grade(knows_it, "--seed", first["seed"])["verdict"], "pass")
        run = self.proctor("grade", self.work / "whole.yaml", self.work / "server.py", "--output",
                           self.work / "out", "--replay", "server", "knows")
        self.assertEqual(run.code, 0, run)


end_to_end.main()
