#!/usr/bin/python3 -B
"""One hostile text through every kind of output: what a server prints, and what servers, files and
assignments are called, begins no line of ours and is no command to whoever reads the output. A parser
of that kind reads it where there is one; gradebooks have test_gradebook_parsers.py.

Usage: test_hostile_texts.py PROCTOR [OPTIONS OF unittest]
"""
import csv
import html.parser
import io
import json
import re
import xml.etree.ElementTree as tree

import end_to_end

# To logs of CI jobs, readers of TAP and terminals, in this order.
COMMANDS = ("::error file=a::it", "##[error]it", "##vso[task.complete]it", "##teamcity[it", "ok 1 it",
            "not ok 2", "1..3", "Bail out!", "TAP version 13", "Grade :=>> 100", "\x1b[31mit", "\x1b]0;it\a",
            "\u202eit", "\x85it", "\rit", "=1+1", "+1", "@it", "<b>it", "</script><script>", "]]>", "| it")
HOSTILE = "it" + "".join("\n" + command for command in COMMANDS)

LINE_COMMANDS = r"(?mi)^[\s\u00a0]*(::|(not )?ok\b|1\.\.|bail out!|tap version|grade :=|--\|>|<\|--)"
WORD_COMMANDS = r"##[A-Za-z0-9]*\[|:=>>"
CONTROLS = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"


class Counter(html.parser.HTMLParser):
    """How often each element begins."""

    def __init__(self, text):
        super().__init__()
        self.counts = {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.counts[tag] = self.counts.get(tag, 0) + 1


class Hostile(end_to_end.EndToEnd):
    def check_text(self, text, may_begin=None):
        """No line begins with a command, and nothing moves a cursor."""
        lines = text if may_begin is None else re.sub(may_begin, "", text)
        self.assertNotRegex(lines, LINE_COMMANDS)
        self.assertNotRegex(text, WORD_COMMANDS)
        self.assertNotRegex(text, CONTROLS)

    def check_one_line_each(self, text):
        """A text for people: no line of it is one of HOSTILE."""
        self.check_text(text)
        for line in text.splitlines():
            self.assertNotIn(line.strip(), [command.strip() for command in COMMANDS])

    def document(self, name, called="it"):
        """A stored run in which a server is called so."""
        text = json.loads((end_to_end.TESTS / "documents/bench_awkward.json").read_text())

        def renamed(value):
            if isinstance(value, dict):
                return {key: renamed(one) for key, one in value.items()}
            if isinstance(value, list):
                return [renamed(one) for one in value]
            return called if value == "=1+1" else value

        return self.write_json(name, renamed(text))


class StoredRuns(Hostile):
    def export(self, form, called=HOSTILE):
        run = self.proctor("export", self.document("run.json", called), "--format", form)
        self.assertEqual((run.code, run.err), (0, ""))
        return run.out

    def test_lists(self):
        for form in ("csv", "csv-summary"):
            with self.subTest(form):
                text = self.export(form)
                self.check_text(text)
                rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
                self.assertEqual({len(row) for row in rows}, {len(rows[0])})
                for cell in (cell for row in rows for cell in row):
                    self.assertNotRegex(cell, r"\A\s*[=@]|\A\s*[+-](?![0-9.]+\Z)")

    def test_xml(self):
        text = self.export("junit")
        self.check_text(text)
        plain = tree.fromstring(self.export("junit", "it").encode())
        self.assertEqual([one.tag for one in tree.fromstring(text.encode()).iter()],
                         [one.tag for one in plain.iter()])

    def test_json(self):
        for form in ("bencher", "history"):
            with self.subTest(form):
                text = self.export(form)
                self.check_text(text)
                for line in [text] if form != "history" else text.splitlines():
                    json.loads(line)
        run = self.proctor("export", self.document("run.json", HOSTILE), "--format",
                           "github-action-benchmark", "--output", self.work / "folder")
        self.assertEqual(run.code, 0)
        for path in (self.work / "folder").iterdir():
            self.check_text(path.read_text())
            json.loads(path.read_text())

    def test_markup(self):
        self.check_text(self.export("markdown"))
        self.check_text(self.export("openmetrics"))
        annotations = self.export("github")
        for line in annotations.splitlines():
            self.assertRegex(line, r"\A::(error|warning|notice|group|endgroup)\b")
        self.assertEqual(len(annotations.splitlines()), len(self.export("github", "it").splitlines()))

    def test_page(self):
        pages = []
        for called in (HOSTILE, "it"):
            run = self.proctor("report", self.document("run.json", called), "--output", "-")
            self.assertEqual(run.code, 0)
            pages.append(run.out)
        self.check_text(pages[0])
        self.assertEqual(Counter(pages[0]).counts.keys(), Counter(pages[1]).counts.keys())
        for tag in ("script", "table", "tr", "b"):
            self.assertEqual(Counter(pages[0]).counts.get(tag), Counter(pages[1]).counts.get(tag), tag)

    def test_differences(self):
        old, new = self.document("old.json", HOSTILE), self.document("new.json", "it")
        for pair in ((old, old), (old, new)):
            run = self.proctor("diff", *pair, "--anyway")
            self.check_one_line_each(run.out)
            self.check_one_line_each(run.err)
            run = self.proctor("diff", *pair, "--anyway", "--json", "-")
            json.loads(run.out)
            self.check_text(run.out)
        unlike = json.loads(new.read_text())
        unlike["plan"]["engine"] = HOSTILE
        run = self.proctor("diff", old, self.write_json("new.json", unlike))
        self.assertEqual(run.code, 2)
        self.check_one_line_each(run.err)


class Servers(Hostile):
    def prints(self, then):
        path = self.write("prints.py", f"print({HOSTILE!r}, flush=True)\n{then}\n")
        return "python3", path

    def test_checks(self):
        for name in ("checks", "second-client"):
            run = self.proctor("grade", name, "--", *self.prints("raise SystemExit(1)"))
            self.assertEqual(run.code, 1)
            self.check_text(run.out)
            run = self.proctor("grade", name, "--json", "-", "--", *self.prints("raise SystemExit(1)"))
            self.check_text(run.out)
            self.assertIn("##[error]it", json.dumps(json.loads(run.out)))

    def test_model(self):
        server = "import socket; socket.create_server(('127.0.0.1', 9500)).accept(); raise SystemExit(1)"
        run = self.proctor("identify", "--", *self.prints(server), HOSTILE)
        self.check_one_line_each(run.out)
        run = self.proctor("identify", "--json", "-", "--", *self.prints(server), HOSTILE)
        json.loads(run.out)
        self.check_text(run.out)

    def test_class(self):
        title = json.dumps(HOSTILE.replace("\x85", "").replace("\u202e", ""))
        assignment = self.write("assignment.yaml", f"title: {{en: {title}}}\nentry: ['*.py']\npoints: 1\n"
                                "checks:\n  - {check: starts-and-listens, points: 1}\n")
        for name in ("one", "two"):
            path = self.work / (name + HOSTILE.replace("/", "_")[:80] + ".py")
            path.write_text(f"print({HOSTILE!r})\n")
        paths = sorted(self.work.glob("*.py"))
        self.assertEqual(len(paths), 2)
        run = self.proctor("grade", assignment, *paths, "--output", self.work / "out", "--format", "html")
        self.assertEqual(run.code, 1)
        self.check_one_line_each(run.out)
        self.check_text((self.work / "out/class.html").read_text())
        for path in (self.work / "out/grades").iterdir():
            self.assertRegex(path.name, r"\A[A-Za-z0-9._-]+\Z")
            self.check_text(path.read_text())


class Messages(Hostile):
    def test_names(self):
        absent = self.work / HOSTILE.replace("/", "_")[:100]
        for words in (("report", absent, "--output", "-"), ("export", absent, "--format", "junit"),
                      ("diff", absent, absent), ("grade", absent, absent), ("list", HOSTILE),
                      ("grade", "checks", "--", absent), ("bench", "--suite", absent), (HOSTILE,),
                      ("export", absent, "--format", HOSTILE), ("load", HOSTILE)):
            with self.subTest(words[0]):
                run = self.proctor(*words)
                self.assertEqual(run.code, 2)
                self.check_one_line_each(run.err)


end_to_end.main()
