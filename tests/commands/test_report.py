#!/usr/bin/python3 -B
"""Pages of `proctor report`, read by parsers that are not ours: what every page must be, the command to
repeat a run, and pages of documents in which something is unusual.

Usage: test_report.py PROCTOR [OPTIONS OF unittest]
"""
import json
import pathlib
import re
import xml.etree.ElementTree as tree

import end_to_end

DOCUMENTS = pathlib.Path("documents")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
LOADING = ("src", "href", "data", "action", "poster", "srcset")
FOREIGN = ("iframe", "object", "embed", "base", "link", "img", "form")


def stored(name):
    return end_to_end.load_document(DOCUMENTS / f"{name}.json")


class Report(end_to_end.EndToEnd):
    def page(self, *documents):
        """The page of documents, each a path or a document."""
        paths = [self.write_json(f"document{at}.json", document) if isinstance(document, dict)
                 else document for at, document in enumerate(documents)]
        page = self.work / "page.html"
        self.expect(0, "", "report", *paths, "--output", page)
        return page.read_text(encoding="utf-8")

    def assert_in_order(self, text, *documents):
        """What a page must be, whatever it is of."""
        root = tree.fromstring(text.replace("<!DOCTYPE html>", "", 1))
        for element in root.iter():
            element.tag = element.tag.split("}")[-1]
        self.assert_loads_nothing(root)
        self.assert_runs_no_others_script(root)
        self.assert_says_all_in_tables(root)
        self.assert_places_all_shapes(root)
        self.assert_holds(root, documents)

    def assert_loads_nothing(self, root):
        ids = [element.get("id") for element in root.iter() if element.get("id")]
        self.assertEqual(len(ids), len(set(ids)), "an id twice")
        self.assertEqual(root.find("head/meta[@http-equiv]").get("content"), POLICY)
        for element in root.iter():
            self.assertNotIn(element.tag, FOREIGN)
            for name, value in element.attrib.items():
                self.assertFalse(name.startswith("on"), name)
                if name in LOADING:
                    self.assertTrue(value.startswith("#"), value)
                    self.assertIn(value[1:], ids)
        for style in root.iter("style"):
            self.assertNotRegex(style.text, r"url\(|@import|image-set")

    def assert_runs_no_others_script(self, root):
        for script in root.iter("script"):
            if script.get("id") == "report-script":
                self.assertNotRegex(script.text, r"https?:|fetch|XMLHttp|import\b|eval|innerHTML")

    def assert_says_all_in_tables(self, root):
        for figure in root.iter("figure"):
            self.assertIsNotNone(figure.find(".//table"), "a figure without a table")
            self.assertIsNotNone(figure.find(".//h3"))
            for picture in figure.iter("div"):
                if picture.get("class") in ("chart", "forest", "order"):
                    self.assertTrue(picture.get("aria-label") and picture.get("role"))
                    self.assert_says_what_marks_are(figure, picture)
        for table in root.iter("table"):
            heads = len(table.findall("thead/tr/th"))
            if heads > 0:
                for row in table.findall("tbody/tr"):
                    self.assertEqual(len(row), heads)

    def assert_says_what_marks_are(self, figure, picture):
        legends = [svg for svg in figure.iter("svg") if svg.get("class") == "mark"]
        for mark in picture.iter():
            if mark.tag != "use" and mark.get("class") != "bar":
                continue
            if not any(mark in legend for legend in legends):
                self.assertTrue(mark.findtext("title"), "a mark that says nothing")

    def assert_places_all_shapes(self, root):
        for picture in root.iter("svg"):
            for shape in picture.iter():
                for name in ("x", "x1", "x2", "y", "width", "d"):
                    self.assertNotRegex(shape.get(name, ""), "nan|inf", "no place for a shape")

    def assert_holds(self, root, documents):
        blocks = [e for e in root.iter("script") if e.get("type") == "application/json"]
        for block in blocks:
            self.assertNotRegex(block.text, "[<>&]")
            json.loads(block.text)
        held = [json.loads(block.text) for block in blocks if block.get("class") == "document"]
        self.assertEqual(held, list(documents), "another document")


class EveryPage(Report):
    def test_of_one_document(self):
        for path in sorted(DOCUMENTS.glob("*.json")):
            with self.subTest(path.name):
                text = self.page(path)
                self.run_xmllint()
                self.assert_in_order(text, end_to_end.load_document(path))

    def run_xmllint(self):
        run = self.run_command("xmllint", "--noout", self.work / "page.html")
        self.assertEqual(run.code, 0, run.err)

    def test_of_all_documents(self):
        paths = sorted(DOCUMENTS.glob("*.json"))
        text = self.page(*paths)
        self.assert_in_order(text, *map(end_to_end.load_document, paths))
        lines = text.splitlines()
        self.assertEqual(sum('<section class="run"' in line for line in lines), len(paths))
        self.assertEqual(sum(line.startswith('<li><a href="#run') for line in lines), len(paths),
                         "no list of contents")

    def test_of_recordings(self):
        paths = sorted(DOCUMENTS.glob("*.jsonl"))
        for documents in [[path] for path in paths] + [paths]:
            with self.subTest(str(documents)):
                text = self.page(*documents)
                self.run_xmllint()
                self.assert_in_order(text)
                self.assert_links_lead_somewhere(text)

    def assert_links_lead_somewhere(self, text):
        ids = set(re.findall(r' id="([^"]*)"', text))
        links = re.findall(r'href="([^"]*)"', text) + re.findall(r'url\(([^)]*)\)', text)
        self.assertGreater(len(links), 10)
        for link in links:
            self.assertEqual(link[0], "#", link)
            self.assertIn(link[1:], ids)

    def test_the_same_bytes(self):
        path = DOCUMENTS / "bench_models.json"
        self.assertEqual(self.page(path), self.page(path))

    def test_through_pipes(self):
        text = (DOCUMENTS / "load.json").read_bytes()
        run = self.proctor("report", "-", "--output", "-", input=text)
        self.assertEqual(run.code, 0, run.err)
        self.assert_in_order(run.out, stored("load"))


class ToRepeatARun(Report):
    """The command that stands there, as a shell reads it."""

    def words(self, document):
        text = self.page(document)
        root = tree.fromstring(text.replace("<!DOCTYPE html>", "", 1))
        (command,) = [e.text for e in root.iter() if e.tag.split("}")[-1] == "code"
                      and (e.text or "").startswith("proctor ")]
        return self.run_command("sh", "-c", f"printf '%s\\n' {command}").out.splitlines()

    def test_a_comparison(self):
        self.assertEqual(self.words(stored("compare_worse")), [
            "proctor", "compare", "epoll", "./new {port}", "--clients", "64", "--budget", "60s",
            "--must-catch", "5%", "--slice", "0.1s", "--engine", "epoll", "--seed", "1"])

    def test_a_bench(self):
        words = self.words(stored("bench_models"))
        self.assertEqual(words[words.index("--models") + 1],
                         "sequential,fork,prefork,thread,pool,select,poll,epoll,io_uring")

    def test_a_bench_with_awkward_names(self):
        words = self.words(stored("bench_awkward"))
        awkward = "'; DROP TABLE runs; -- \\ back"
        for word in ("--against", f"{awkward}=./server {{port}} {awkward}", "--reference", "=1+1",
                     "ended <early>=127.0.0.1:9500", "--repetitions", "--rounds"):
            self.assertIn(word, words)

    def test_a_load(self):
        document = stored("load")
        document["seed"] = 1795305600
        document["plan"]["warmup_s"] = 0
        document["results"][0]["cell"] |= {"protocol": "http", "path": "/a b", "rate": 12345678901,
                                           "arrivals": "poisson", "silent": 3}
        words = self.words(document)
        pairs = list(zip(words, words[1:]))
        for option in (("--seed", "1795305600"), ("--warmup", "0s"), ("--protocol", "http"),
                       ("--path", "/a b"), ("--rate", "12345678901"), ("--arrivals", "poisson"),
                       ("--idle", "3"), ("--engine", "epoll")):
            self.assertIn(option, pairs)


class UnusualDocuments(Report):
    def test_what_could_not_be_counted(self):
        """It is said in words, as it is in no list."""
        document = stored("compare_same")
        document["comparisons"] = [c for c in document["comparisons"] if "syscalls" not in c["metric"]]
        document["reasons"] += ["server_syscalls_per_request: could not be counted, and is not gated"]
        self.assertIn("system calls per request: could not be counted, and is not gated",
                      self.page(document))

    def test_nothing_could_be_compared(self):
        document = stored("compare_inconclusive")
        document |= {"comparisons": [], "controls": [], "reasons": ["p50_ns: inconclusive"]}
        text = self.page(document)
        self.assertIn("p50 latency: inconclusive", text)
        self.assertNotIn("\n<ul>\n</ul>\n", text, "an empty list")

    def test_a_test_that_was_not_made(self):
        """What could not be computed of a ranking is left out of what is said of it."""
        document = stored("bench_models")
        self.assertIn("Friedman", self.page(document))
        for ranking in document["rankings"]:
            ranking["friedman_p"] = None
        self.assertNotIn("Friedman", self.page(document))

    def test_nothing_is_known(self):
        """Whatever was not measured is a gap, in every figure."""
        for name in ("bench_models", "compare_worse", "load"):
            document = end_to_end.without_numbers(stored(name))
            text = re.sub("(?s)<(script|style).*?</(script|style)>", "", self.page(document))
            self.assertIsNone(re.search(r"(?i)\b(nan|inf)\b", text), name)
            self.assertIsNone(re.search(r"± *0|>0\.0 %|>0 (ns|B|/s)", text), name)

    def test_a_change_that_is_not_known(self):
        """It does not move the others."""
        document = stored("compare_same")
        known = self.ticks(self.page(document))
        document["comparisons"][0] |= {"change": None, "low": None, "high": None}
        self.assertEqual(self.ticks(self.page(document)), known)

    def ticks(self, text):
        (figure,) = re.findall(r'(?ms)^<figure id="run1-comparisons".*?^</figure>', text)
        return re.findall('<div class="row axis".*', figure)

    def test_nothing_was_answered(self):
        """That is no latency of 0."""
        document = stored("load")
        latency = document["results"][0]["latency_ns"]
        document["results"][0]["latency_ns"] = dict.fromkeys(latency) | {"count": 0}
        self.assertNotIn("half of the requests", self.page(document))

    def test_little(self):
        """Every figure has to do without."""
        document = stored("load")
        first = document["results"][0]
        little = {key: document[key] for key in ("schema", "tool", "time", "machine")} | {
            "plan": {"command": "bench"}, "results": [{key: first[key] for key in ("target", "cell")}]}
        self.assert_in_order(self.page(little), little)


end_to_end.main()
