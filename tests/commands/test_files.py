#!/usr/bin/python3 -B
"""Files that an assignment gives to a submission, and what must become of those that it writes.

Usage: test_files.py PROCTOR [OPTIONS OF unittest]
"""
import hashlib

import end_to_end

HEAD = """
title: {en: Files}
entry: ["*.py"]
port: 9500
"""

# Answers the name of a file with its length and a digest; with a blank and a text behind it, writes it.
SERVER = """
import hashlib, os, socket
server = socket.create_server(("127.0.0.1", 9500))
while True:
    client = server.accept()[0]
    while words := client.recv(1000).decode().split(" ", 1):
        if words == [""]:
            break
        try:
            if len(words) == 2:
                with open(words[0], "w") as file:
                    file.write(words[1])
            with open(words[0], "rb") as file:
                data = file.read()
            client.sendall(f"{len(data)} {hashlib.sha256(data).hexdigest()[:8]}\\n".encode())
        except OSError as error:
            client.sendall(f"{error.strerror}\\n".encode())
    client.close()
"""


def of(data):
    return f"{len(data)} {hashlib.sha256(data).hexdigest()[:8]}\\n"


def check(name, *steps, keys=""):
    lines = "".join(f"\n      - {{client: a, {step}}}" if ":" in step and not step.startswith("{") else
                    f"\n      - {step}" for step in ("do: connect", *steps))
    return f"\n  - check: {name}\n    title: {{en: {name}}}\n    points: 1\n    {keys}\n    steps:{lines}"


def asks(what, answer):
    return f'send: "{what}"', f'expect: "{answer}"'


class Files(end_to_end.EndToEnd):
    def grade(self, code, head, *checks, submission=SERVER):
        text = f"{HEAD}{head}points: {len(checks)}\nchecks:{''.join(checks)}\n"
        document = self.document(code, "", "grade", self.write("a.yaml", text),
                                 self.write("submission.py", submission))
        return {each["id"]: each for each in document["checks"]}

    def passes(self, head, *checks):
        checks = self.grade(0, head, *checks)
        self.assertEqual({each["verdict"] for each in checks.values()}, {"pass"})

    def test_texts_and_sizes(self):
        self.passes('files: {a/b.txt: "one{hex:00ff}\\n", "c d": {repeat: "xyz", bytes: 10}, e: {repeat: "x", bytes: 0}}\n',
                    check("a", *asks("a/b.txt", of(b"one\0\xff\n"))), check("e", *asks("e", of(b""))),
                    check("missing", *asks("f", "No such file or directory\\n")))

    def test_random_bytes_follow_from_the_seed(self):
        """They are the same when a check is replayed, and others in the next grading."""
        head, ask = "files: {r: {random: 100000}}\n", check("r", *asks("r", "100000 x"))
        first = self.grade(1, head, ask)["r"]["evidence"]
        self.assertNotEqual(first[0], self.grade(1, head, ask)["r"]["evidence"][0])
        assignment, submission = self.work / "a.yaml", self.work / "submission.py"
        self.proctor("grade", assignment, submission, "--output", self.work / "out")
        stored = end_to_end.load_document(self.work / "out/grades/submission.json")["checks"][0]["evidence"][0]
        run = self.proctor("grade", assignment, submission, "--output", self.work / "out", "--replay",
                           "submission", "r")
        self.assertIn(stored["text"].splitlines()[0][:30], run.out)

    def test_a_folder_that_is_brought(self):
        (self.work / "site/sub").mkdir(parents=True)
        (self.work / "site/sub/page").write_text("page")
        (self.work / "site/run.sh").write_text("#!/bin/sh\nexec python3 submission.py\n")
        ask = check("page", *asks("sub/page", of(b"page")))
        self.passes("bring: site\nrun: ./run.sh\n", ask)
        out = self.work / "out"
        grade = ("grade", self.work / "a.yaml", self.work / "submission.py", "--output", out, "--resume")
        self.expect(0, "0 grades reused", *grade)
        self.expect(0, "1 grades reused", *grade)
        (self.work / "site/sub/page").write_text("other")
        self.expect(1, "0 grades reused", *grade)

    def test_they_are_read_only(self):
        self.passes("files: {a: x}\n", check("a", *asks("a new", "Read-only file system\\n"), *asks("a", of(b"x"))),
                    check("b", *asks("b new", "Read-only file system\\n")))

    def test_unless_their_folder_may_be_written_to(self):
        """And then they are as they were whenever the program is started anew."""
        self.passes("files: {data/a: x, b: y}\nwritable: data\n",
                    check("first", *asks("data/a new", of(b"new")), *asks("data/c z", of(b"z")),
                          *asks("b new", "Read-only file system\\n")),
                    check("stays", *asks("data/a", of(b"new")), *asks("data/c", of(b"z"))),
                    check("fresh", *asks("data/a", of(b"x")), *asks("data/c", "No such file or directory\\n"),
                          keys="fresh: true"))

    def test_what_was_handed_in_or_built_gives_way(self):
        """Also a link to what is none of its business."""
        folder = self.work / "handed-in"
        folder.mkdir()
        (folder / "submission.py").write_text(SERVER)
        (folder / "a").mkdir()
        (folder / "a/b").write_text("mine")
        (folder / "c").write_text("mine")
        secret = self.work / "outside"
        secret.mkdir()
        (secret / "d").write_text("outside")
        text = (f"{HEAD}files: {{a: x, c/d: y, e/d: z}}\nbuild: rm -rf a c; ln -s {secret} e; echo mine >a\n"
                f"run: python3 submission.py\nwritable: w\npoints: 1\nchecks:"
                + check("all", *asks("a", of(b"x")), *asks("c/d", of(b"y")), *asks("e/d", of(b"z")),
                        *asks("w/d new", of(b"new"))) + "\n")
        self.expect(0, "1 of 1", "grade", self.write("a.yaml", text), folder)
        self.assertEqual((secret / "d").read_text(), "outside")

    def test_what_it_writes(self):
        head = "files: {big: {repeat: 'abc', bytes: 3000}}\nwritable: [w, v]\n"
        self.passes(head, check("text", 'send: "w/a {token}"', '{expect-file: {path: w/a, text: "{token}"}}'),
                    check("pattern", 'send: "v/a x{token}y"', '{expect-file: {path: v/a, pattern: "^x.*{token}"}}'),
                    check("same", f'send: "w/b {"abc" * 300}"', '{expect-file: {path: big, same-as: big}}'))
        wrong = self.grade(1, head, check("text", 'send: "w/a abcdef"', '{expect-file: {path: w/a, text: "abcxef"}}'),
                           check("missing", '{expect-file: {path: w/c, text: "x"}}'),
                           check("pattern", 'send: "v/a one"', '{expect-file: {path: v/a, pattern: "two"}}'),
                           check("short", 'send: "w/b abcab"', '{expect-file: {path: w/b, same-as: big}}'))
        self.assertEqual([(each["verdict"], each["finding"]) for each in wrong.values()],
                         [("fail", "the file is wrong"), ("fail", "the file is missing"),
                          ("fail", "the file is wrong"), ("fail", "the file is wrong")])
        texts = [row["text"] for row in wrong["text"]["evidence"]]
        self.assertIn('it has from byte 3 on: "def"', texts)
        self.assertIn('expected from byte 3 on: "xef"', texts)

    def test_a_link_is_not_followed(self):
        """What it writes for us to read may lead out of its folder."""
        links = SERVER.replace('server = ', 'os.path.lexists("w/a") or os.symlink("/etc/passwd", "w/a")\nserver = ')
        checks = self.grade(1, "writable: w\n", check("a", '{expect-file: {path: w/a, pattern: "root"}}'),
                            submission=links)
        self.assertEqual(checks["a"]["finding"], "the file is missing")


end_to_end.main()
