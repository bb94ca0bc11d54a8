#!/usr/bin/python3 -B
"""What programs that are not ours read in our gradebooks: every format, every document of
golden/gradebook, the hostile one too.

Usage: test_gradebook_parsers.py RENDER_GRADEBOOK [OPTIONS OF unittest]
"""
import base64
import csv
import html
import html.parser
import io
import json
import re
import xml.etree.ElementTree as tree

import end_to_end

DOCUMENTS = end_to_end.TESTS / "golden/gradebook"
NAMES = sorted(path.stem for path in DOCUMENTS.glob("*.json"))
GRADED = [name for name in NAMES if name != "error"]


def lines_of(text):
    """Lines as grep takes them: nothing but a line feed ends one."""
    return text.removesuffix("\n").split("\n") if text else []


def parse_xml(text):
    root = tree.fromstring(re.sub("^<!DOCTYPE html>", "", text).encode())
    for element in root.iter():
        element.tag = element.tag.split("}")[-1]
    return root


def is_whole(number):
    return isinstance(number, (int, float)) and number == int(number)


class Gradebooks(end_to_end.EndToEnd):
    def render(self, form, *names):
        run = self.run_command(end_to_end.program, form, *(DOCUMENTS / f"{name}.json" for name in names))
        self.assertEqual(run.code, 0, f"{form} {names}: {run.err}")
        return run.out

    def json_of(self, form, name):
        return json.loads(self.render(form, name))

    def rows_of(self, form):
        """The header and the rows of a table of all documents."""
        header, *rows = csv.reader(io.StringIO(self.render(form, *NAMES), newline=""), strict=True)
        return header, rows

    def run_on(self, text, *command):
        """The run of a command on a text."""
        return self.run_command(*command, input=text.encode())

    def assert_well_formed(self, text):
        run = self.run_on(text, "xmllint", "--noout", "-")
        self.assertEqual(run.code, 0, run.err)


class Documents(Gradebooks):
    def test_there_are_some(self):
        self.assertGreaterEqual(len(NAMES), 6)


class Json(Gradebooks):
    def test_an_object_for_each(self):
        for name in GRADED:
            with self.subTest(name):
                for form in ("gradescope", "classroom50", "prairielearn"):
                    self.assertIsInstance(self.json_of(form, name), dict, form)

    def test_an_error_is_no_grade(self):
        for form in ("gradescope", "classroom50"):
            self.assertEqual(self.render(form, "error"), "")
        graded = self.json_of("prairielearn", "error")
        self.assertIs(graded["gradable"], False)
        self.assertNotIn("score", graded)

    def test_classroom50(self):
        for name in GRADED:
            with self.subTest(name):
                graded = self.json_of("classroom50", name)
                for one in (graded, *graded["tests"]):
                    self.assertTrue(is_whole(one["score"]) and is_whole(one["max-score"]), one)
                names = [test["test-name"] for test in graded["tests"]]
                self.assertEqual(len(names), len(set(names)), names)

    def test_sums_of_classroom50(self):
        graded = self.json_of("classroom50", "partial")
        for key in ("score", "max-score"):
            self.assertEqual(graded[key], sum(test[key] for test in graded["tests"]))

    def test_gradescope(self):
        for name in GRADED:
            with self.subTest(name):
                statuses = {test["status"] for test in self.json_of("gradescope", name)["tests"]}
                self.assertLessEqual(statuses, {"passed", "failed"})
        self.assertEqual([test["status"] for test in self.json_of("gradescope", "inconclusive")["tests"]],
                         ["passed", "passed", "failed"])

    def test_prairielearn(self):
        for name in GRADED:
            with self.subTest(name):
                graded = self.json_of("prairielearn", name)
                self.assertLessEqual(0, graded["score"])
                self.assertLessEqual(graded["score"], 1)
                self.assertTrue(graded["gradable"])

    def test_autolab(self):
        for name in GRADED:
            with self.subTest(name):
                self.assertEqual(len(self.json_of("autolab", name)["scores"]), 1)
        self.assertEqual(self.json_of("autolab", "partial")["scores"]["tp1-threads"], 5.5)


class Junit(Gradebooks):
    def setUp(self):
        super().setUp()
        self.text = self.render("junit", *NAMES)
        self.root = parse_xml(self.text)

    def test_a_suite_for_each(self):
        self.assert_well_formed(self.text)
        self.assertEqual(len(list(self.root.iter("testsuite"))), len(NAMES))

    def test_counts(self):
        for suite in self.root.iter("testsuite"):
            self.assertEqual(len(suite.findall("testcase")), int(suite.get("tests")))
            for attribute, what in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
                self.assertEqual(len(suite.findall(f"testcase/{what}")), int(suite.get(attribute)))

    def test_outcomes(self):
        for case in self.root.iter("testcase"):
            outcomes = [part for part in case if part.tag in ("failure", "error", "skipped")]
            self.assertLessEqual(len(outcomes), 1)
        self.assertEqual(len(self.root.findall(".//testsuite[@name='dave']//error")), 1)

    def test_no_name_comes_twice(self):
        cases = [(case.get("classname"), case.get("name")) for case in self.root.iter("testcase")]
        self.assertEqual(len(cases), len(set(cases)))


class Tap(Gradebooks):
    COUNT = """my $parser = TAP::Parser->new({tap => do { local $/; <STDIN> }});
        $parser->run;
        print join(" ", map { scalar @$_ } [$parser->passed], [$parser->failed], [$parser->skipped]);
        print " ", $_ for $parser->parse_errors;"""

    def tap_of(self, name):
        """As a reader of version 13 takes it, as Perl's is in Debian 12: it refuses the number 14, but
        there is nothing else in it that it would not know."""
        first, rest = self.render("tap", name).split("\n", 1)
        self.assertEqual(first, "TAP version 14")
        return f"TAP version 13\n{rest}"

    def prove(self, name):
        run = self.run_command("prove", "--quiet", "--exec", "cat", self.write("tap", self.tap_of(name)))
        return run.code, run.out + run.err

    def test_what_is_counted(self):
        for name, counts in (("full", "3 0 0"), ("partial", "4 3 2"), ("inconclusive", "3 0 2"),
                             ("empty", "0 0 0"), ("hostile", "3 2 2")):
            with self.subTest(name):
                run = self.run_on(self.tap_of(name), "perl", "-MTAP::Parser", "-e", self.COUNT)
                self.assertEqual(run.out, counts)

    def test_what_prove_says(self):
        self.assertEqual(self.prove("full")[0], 0)
        code, said = self.prove("hostile")
        self.assertNotEqual(code, 0)
        self.assertIn("Failed 2/5 subtests", said)
        code, said = self.prove("error")
        self.assertNotEqual(code, 0)
        self.assertIn("Bailout called", said)


class Moodle(Gradebooks):
    def test_what_is_imported(self):
        header, rows = self.rows_of("moodle")
        self.assertEqual(len(set(header)), 3)
        self.assertEqual(header[2], header[1] + " (feedback)")
        self.assertEqual(len(rows), len(NAMES))
        for submission, points, feedback in rows:
            self.assertRegex(submission, r"\A[^=+\-@\t]")
            self.assertTrue(points == "" or 0 <= float(points) <= 100, points)
            self.assertRegex(feedback, r"\A[^=+\-@\t]")
            self.assertNotIn("<", feedback)
        by_name = {row[0]: row for row in rows}
        self.assertEqual(by_name["bob"][1], "5.5")
        self.assertEqual(by_name["dave"][1], "")
        self.assertIn("<script>alert(1)</script>", html.unescape(by_name["'=cmd|'/C calc'!A0"][2]))

    def test_what_is_not_imported(self):
        ((name, points, why),) = self.rows_of("moodle-rest")[1]
        self.assertEqual((name, points), ("dave", ""))
        self.assertIn("not a grade", why)


class Github(Gradebooks):
    def test_annotations(self):
        for name in NAMES:
            with self.subTest(name):
                text = self.render("github", name)
                for line in lines_of(text):
                    self.assertRegex(line, "^::(error|warning|notice) title=[^:,]+::")
                if name != "error":
                    self.assertIn("Autograding complete", text)

    def test_hostile_annotations(self):
        lines = lines_of(self.render("github", "hostile"))
        self.assertEqual(sum(line.startswith("::error ") for line in lines), 1, "a forged error")
        (report,) = [line.removeprefix("::notice title=Autograding report::") for line in lines
                     if line.startswith("::notice title=Autograding report::")]
        self.assertEqual(json.loads(report)["totalPoints"], 2.25)
        self.assertEqual(json.loads(report)["maxPoints"], 10)


class Classroom(Gradebooks):
    """The reporter of GitHub Classroom: a line for GITHUB_OUTPUT, decoded as it does, and its two
    sums."""

    KEYS = {"duration", "filename", "line_no", "message", "name", "score", "status", "test_code"}

    def result_of(self, name):
        (line,) = lines_of(self.render("classroom", name))
        self.assertRegex(line, r"\Aresult=[A-Za-z0-9+/]+={0,2}\Z")
        return base64.b64decode(line.removeprefix("result="), validate=True).decode()

    def test_each(self):
        for name in NAMES:
            with self.subTest(name):
                result = json.loads(self.result_of(name))
                tests = result["tests"]
                self.assertEqual(set(result), {"max_score", "status", "tests", "version"})
                self.assertEqual(result["version"], 1)
                self.assertIn(result["status"], ("pass", "fail", "error"))
                self.assertTrue(is_whole(result["max_score"]))
                for test in tests:
                    self.assertEqual(set(test), self.KEYS)
                    self.assertTrue(is_whole(test["score"]) and is_whole(test["line_no"]), test)
                    if test["status"] == "pass" and test["message"]:
                        self.assertIn("could not", test["message"])
                self.assertLessEqual(sum(test["score"] for test in tests), result["max_score"])
                self.assertEqual(result["status"] == "pass",
                                 all(test["status"] == "pass" for test in tests))

    def test_marks(self):
        for name, points, most in (("full", 10, 10), ("partial", 11, 22)):
            result = json.loads(self.result_of(name))
            self.assertEqual(sum(test["score"] for test in result["tests"]), points)
            self.assertEqual(result["max_score"], most)

    def test_an_error(self):
        result = json.loads(self.result_of("error"))
        self.assertLessEqual(result["max_score"], 0)
        self.assertEqual(result["status"], "error")
        self.assertEqual(result["tests"][0]["status"], "error")
        self.assertEqual(result["tests"][0]["score"], 0)

    def test_no_secret(self):
        self.assertNotRegex(self.result_of("partial"), "(?i)secret|later-check|pointless")


class Tags(html.parser.HTMLParser):
    """The tags of a page: none but those allowed, all closed in order, and none that acts."""

    ALONE = {"meta", "br", "line", "circle", "rect"}

    def __init__(self, test, allowed):
        super().__init__()
        self.test, self.allowed, self.open = test, allowed.split(), []

    def handle_starttag(self, tag, attributes):
        self.test.assertIn(tag, self.allowed)
        for name, value in attributes:
            self.test.assertFalse(name.startswith("on"), name)
            self.test.assertNotIn(name, ("src", "action", "style"))
            if name == "href":
                self.test.assertTrue(value.startswith("#"), value)
        if tag not in self.ALONE:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.ALONE:
            self.test.assertEqual(self.open.pop(), tag)


class Pages(Gradebooks):
    def assert_tags(self, text, allowed):
        tags = Tags(self, allowed)
        tags.feed(text)
        tags.close()
        self.assertEqual(tags.open, [])

    def test_markdown(self):
        for name in NAMES:
            with self.subTest(name):
                page = self.run_on(self.render("github-summary", name), "cmark-gfm", "--unsafe",
                                   "--extension", "table", "--extension", "autolink",
                                   "--extension", "strikethrough")
                self.assertEqual(page.code, 0, page.err)
                self.assert_tags(page.out, "h2 p pre code table thead tbody tr th td details summary")
                rows = sum("<tr>" in line for line in lines_of(page.out))
                checks = len(end_to_end.load_document(DOCUMENTS / f"{name}.json")["checks"])
                self.assertEqual(rows, checks + (checks > 0))

    def test_html(self):
        for name in NAMES:
            with self.subTest(name):
                text = self.render("html", name)
                self.assert_well_formed(text)
                self.assert_tags(text, """html head meta title style body main h1 h2 p br code strong pre
                    section table thead tbody tr th td a figure figcaption div svg text line circle
                    rect path g defs pattern ul li details summary""")

    def test_pictures(self):
        shapes = [(element.tag, element.get("class", "").split(" ")[0])
                  for element in parse_xml(self.render("html", "full")).iter()]
        ends, bars, legend = 2, 3, 3
        self.assertEqual(shapes.count(("path", "arrow")), 5)
        self.assertEqual(shapes.count(("path", "tip")), 5)
        self.assertEqual(shapes.count(("circle", "deed")), 1)
        self.assertEqual(shapes.count(("rect", "box")), ends + bars + legend)

    def test_contrast(self):
        """Text is as legible in the dark as in the light: what WCAG 2.1 asks of contrast, 4.5, for
        every colour of letters on both grounds."""
        page = self.render("html", "partial")
        roots = [dict(re.findall(r"--(\w+): (#[0-9a-f]+)", text))
                 for text in re.findall(r":root \{([^}]*)\}", page)]
        self.assertEqual(len(roots), 3)
        for root in roots:
            self.assertEqual(root.keys(), roots[0].keys())
            for letters in ("ink", "faint", "pass", "fail", "open", "link"):
                for paper in ("paper", "block"):
                    self.assertGreaterEqual(contrast(root[letters], root[paper]), 4.5, (letters, paper))
        self.assertIn("@media (max-width:", page)
        self.assertIn("@media print", page)

    def test_contrast_on_pictures(self):
        """So are the states that are written on bands."""
        page = self.render("html", "full")
        roots = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", text))
                 for text in re.findall(r":root \{([^}]*)\}", page)]
        self.assertEqual(len(roots), 6)
        for letters, grounds in zip(roots[:3], roots[3:]):
            self.assertEqual(grounds.keys(), roots[3].keys())
            for name in ("established", "queued", "opening", "ending", "half", "over"):
                self.assertGreaterEqual(contrast(letters["ink"], grounds[name]), 4.5, name)


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at:at + 2], 16) / 255 for at in (0, 2, 4)]
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(part * weight for part, weight in zip(parts, (0.2126, 0.7152, 0.0722)))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


class LinesOfOutput(Gradebooks):
    """No line of any format is a command to whoever reads the output of a step or of VPL."""

    def test_vpl(self):
        for name in NAMES:
            with self.subTest(name):
                lines = lines_of(self.render("vpl", name))
                grades = [line for line in lines if re.search("Grade *:=>>", line)]
                self.assertEqual(len(grades), 0 if name == "error" else 1)
                marks = [line for line in lines if line.startswith(("<|--", "--|>"))]
                self.assertEqual(len(marks), 2, "a forged mark")
                for line in lines[:lines.index("--|>")]:
                    self.assertRegex(line, r"\A[->]|\A<\|--\Z")

    def test_hostile_texts(self):
        for form in ("text", "html", "junit", "moodle", "moodle-rest", "tap", "github-summary",
                               "gradescope", "classroom50", "prairielearn", "autolab"):
            with self.subTest(form):
                text = self.render(form, "hostile")
                self.assertNotRegex(text, r"(?m)^\s*::|##\[|:=>>|^\s*(--\|>|<\|--)")
                if form != "tap":
                    self.assertNotRegex(text, r"(?mi)^\s*(not )?ok\b|^\s*bail out|^1\.\.", "a point")
                self.assertNotRegex(text, r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F]")
                text.encode()  # fails where it is no UTF-8


end_to_end.main()
