#!/usr/bin/python3 -B
"""How an assignment has its programs started: arguments, environment, rows of a matrix, fresh starts.

Usage: test_starts.py PROCTOR [OPTIONS OF unittest]
"""
import json

import end_to_end

HEAD = """
title: {en: What it was started with}
entry: ["*.py"]
port: 9500
"""

# Says the words that it was started with, a variable, and how many clients it has had.
SERVER = """
import os, socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1]) if sys.argv[1:] else 9500))
clients = 0
while True:
    client = server.accept()[0]
    clients += 1
    while data := client.recv(100):
        client.sendall(f"{sys.argv[1:]} {os.environ.get('WORD')} {clients}\\n".encode())
    client.close()
"""


def check(name, answer, keys=""):
    """A check whose server answers just this; `keys` are others of it."""
    return f"""
  - check: {name}
    title: {{en: {name}}}
    points: 1
    {keys}
    steps:
      - {{client: a, do: connect}}
      - {{client: a, send: "?"}}
      - {{client: a, expect: {json.dumps(answer)}}}"""


class Starts(end_to_end.EndToEnd):
    def grade(self, assignment, *checks, submission=SERVER, code=0):
        """The verdicts by id; the points are as many as there are checks with points."""
        text = assignment + "checks:" + "".join(checks) + "\n"
        document = self.document(code, "", "grade", self.write("a.yaml", text),
                                 self.write("submission.py", submission))
        self.rows = {each["id"]: each.get("row") for each in document["checks"]}
        self.titles = {each["id"]: each["title"] for each in document["checks"]}
        return {each["id"]: each["verdict"] for each in document["checks"]}

    def passes(self, points, head, *checks):
        verdicts = self.grade(HEAD + f"points: {points}\n" + head, *checks)
        self.assertEqual(set(verdicts.values()), {"pass"}, verdicts)
        return verdicts


class Words(Starts):
    def test_arguments_follow_what_runs_it(self):
        one = lambda words: check("one", f"{words} None 1\n")
        self.passes(1, "arguments: \"{port} --name 'a b' # no\"\n", one(["9500", "--name", "a b"]))
        self.passes(1, "run: python3 {entry} 9500 # yes\narguments: '{port} \"$HOME\"'\n",
                    one(["9500", "9500", "/tmp"]))

    def test_environment(self):
        for value, word in (("a'b \"c\" $HOME `x`", "a'b \"c\" $HOME `x`"), ("p{port}", "p9500")):
            quoted = value.replace("'", "''")
            self.passes(1, f"environment: {{OTHER: 1, WORD: '{quoted}'}}\n", check("one", f"[] {word} 1\n"))

    def test_a_check_may_have_its_own(self):
        """Key by key, on a process of its own; what it does not say is as it was."""
        self.passes(4, "arguments: '{port} x'\nenvironment: {WORD: one, OTHER: o}\n",
                    check("first", "['9500', 'x'] one 1\n"),
                    check("second", "['9500', 'y'] one 1\n", "arguments: '{port} y'"),
                    check("third", "['9500', 'x'] two 1\n", "environment: {WORD: two}"),
                    check("fourth", "['9500', 'x'] one 1\n"))

    def test_fresh(self):
        self.passes(2, "", check("first", "[] None 1\n"), check("second", "[] None 2\n"))
        self.passes(2, "fresh: true\n", check("first", "[] None 1\n"), check("second", "[] None 1\n"))
        self.passes(3, "", check("first", "[] None 1\n"), check("second", "[] None 1\n", "fresh: true"),
                    check("third", "[] None 2\n", "fresh: false"))
        self.passes(1, "fresh: true\n", check("first", "[] None 1\n"))


MATRIX = """
environment: {WORD: all}
matrix:
  one: {arguments: "9500 a"}
  two: {arguments: "{port} b", port: 9600, environment: {WORD: two}}
"""


class Matrix(Starts):
    def test_rows(self):
        text = HEAD + MATRIX + "points: 4\n"
        verdicts = self.grade(text, check("same", "['9500', 'a'] all 1\n"),
                              check("other", "['9600', 'b'] two 1\n", "in: [two]\n    needs: starts-and-listens"),
                              check("last", "['9500', 'c'] all 1\n", "in: one\n    arguments: 9500 c\n    needs: same"),
                              code=1)
        self.assertEqual(verdicts, {"one/same": "pass", "one/last": "pass", "two/same": "fail",
                                    "two/other": "pass"})
        self.assertEqual(self.rows, {"one/same": "one", "one/last": "one", "two/same": "two", "two/other": "two"})
        self.assertEqual(self.titles["two/other"], "two: other")

    def test_what_is_needed_is_needed_in_the_row(self):
        """A row that does not start costs its own checks, and no others."""
        text = HEAD + "matrix: {right: {}, wrong: {run: 'exit 3'}}\npoints: 2\n"
        verdicts = self.grade(text, check("same", "[] None 1\n"), code=1)
        self.assertEqual(verdicts, {"right/same": "pass", "wrong/starts-and-listens": "fail",
                                    "wrong/same": "skipped"})

    def test_built_in_checks_and_models(self):
        text = HEAD + """points: 2
protocol: {kind: echo}
matrix: {one: {model: sequential}, two: {model: thread}}
"""
        echo = SERVER.replace('f"{sys.argv[1:]} {os.environ.get(\'WORD\')} {clients}\\n".encode()', "data")
        verdicts = self.grade(text, "\n  - {check: is-model, points: 1}", submission=echo, code=1)
        self.assertEqual(verdicts, {"one/is-model": "pass", "two/is-model": "fail"})

    def test_a_row_is_replayed(self):
        text = HEAD + MATRIX + "points: 2\nchecks:" + check("same", "['9500', 'a'] all 1\n") + "\n"
        assignment = self.write("a.yaml", text)
        submission = self.write("submission.py", SERVER)
        out = self.work / "out"
        self.expect(1, "1 of 2 points", "grade", assignment, submission, "--output", out, "--format", "html")
        self.assertIn("two: same", (out / "grades/submission.html").read_text())
        self.expect(1, "two/same: fail, as recorded", "grade", assignment, submission, "--output", out,
                    "--replay", "submission", "two/same")
        self.expect(0, "one/same: pass, as recorded", "grade", assignment, submission, "--output", out,
                    "--replay", "submission", "one/same")
        self.expect(2, "did you mean 'one/same'", "grade", assignment, submission, "--output", out,
                    "--replay", "submission", "one/sam")


end_to_end.main()
