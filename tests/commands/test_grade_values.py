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


end_to_end.main()
