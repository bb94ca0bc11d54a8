#!/usr/bin/python3 -B
"""Exports of stored runs, as programs that are not ours read them: what they say, and names that come
through and do nothing. Whole files are compared in exports.sh.

Usage: test_exports.py PROCTOR [OPTIONS OF unittest]
"""
import csv
import io
import json
import pathlib
import re
import xml.etree.ElementTree as tree

from prometheus_client.openmetrics.parser import text_string_to_metric_families

import end_to_end

DOCUMENTS = pathlib.Path("documents")
ALL = ("bench_awkward", "bench_models", "compare_inconclusive", "compare_same", "compare_trouble",
       "compare_worse", "load")


class Exports(end_to_end.EndToEnd):
    def export(self, name, form):
        """What is exported of a stored document, or of a path."""
        path = name if isinstance(name, pathlib.Path) else DOCUMENTS / f"{name}.json"
        run = self.proctor("export", path, "--format", form)
        self.assertEqual(run.code, 0, f"{form} of {name}: {run.err}")
        return run.out

    def json_of(self, name, form):
        return json.loads(self.export(name, form))

    def rows_of(self, name, form):
        return list(csv.DictReader(io.StringIO(self.export(name, form), newline=""), strict=True))

    def families_of(self, name):
        return {family.name: family
                for family in text_string_to_metric_families(self.export(name, "openmetrics"))}

    def junit_of(self, name):
        return tree.fromstring(self.export(name, "junit").encode())

    def html_of(self, name):
        return self.run_command("cmark-gfm", "--extension", "table",
                                input=self.export(name, "markdown").encode()).out


class Formats(Exports):
    """Every document in every format."""

    def test_junit(self):
        for name in ALL:
            with self.subTest(name):
                self.junit_of(name)

    def test_openmetrics(self):
        for name in ALL:
            with self.subTest(name):
                families = self.families_of(name)
                self.assertIn("proctor_run", families)
                self.assertTrue(families["proctor_result_usable"].samples)

    def test_csv(self):
        for name in ALL:
            for form in ("csv", "csv-summary"):
                with self.subTest(name, form=form):
                    text = self.export(name, form)
                    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
                    self.assertGreater(len(rows), 1)
                    self.assertEqual({len(row) for row in rows}, {len(rows[0])})
                    self.assertNotIn("nan", text)

    def test_history(self):
        for name in ALL:
            with self.subTest(name):
                text = self.export(name, "history")
                self.assertEqual(text.count("\n"), 1)
                line = json.loads(text)
                self.assertEqual(line["schema"], "proctor.history/1")
                self.assertRegex(line["fingerprint"], "^[0-9a-f]{16}$")

    def test_markdown(self):
        for name in ALL:
            with self.subTest(name):
                html = self.html_of(name)
                self.assertIn("<table>", html)
                self.assertNotRegex(html, r"(?m)^\|")  # a row outside of its table


class WhatTheySay(Exports):
    def test_junit_of_a_regression(self):
        root = self.junit_of("compare_worse")
        self.assertEqual(len(root.findall(
            ".//testcase[@classname='64 clients']/failure[@type='regression']")), 4)
        self.assertEqual(root.get("failures"), "5")
        self.assertEqual(len(root.findall(".//testcase")), int(root.get("tests")))

    def test_junit_of_an_inconclusive_comparison(self):
        root = self.junit_of("compare_inconclusive")
        self.assertIn("a change for the worse above 6.6 % is excluded",
                      root.find(".//testcase[@name='throughput']/skipped").get("message"))
        self.assertEqual(len(root.findall(".//failure")), 0)

    def test_junit_of_troubles(self):
        self.assertEqual(self.junit_of("compare_trouble").find(".//error").get("message"),
                         "it cannot be started: No such file or directory")
        root = self.junit_of("bench_models")
        self.assertEqual(len(root.findall(
            ".//testcase[@classname='1000 clients'][@name='select']/error")), 1)
        self.assertEqual(len(root.findall(".//testcase")), 36, "a case for each target and cell")

    def test_csv_of_a_first_slice_without_answers(self):
        """It hides no other."""
        document = end_to_end.load_document(DOCUMENTS / "compare_worse.json")
        document["slices"][0]["p50_ns"] = None
        self.assertEqual(self.export(self.write_json("empty_slice.json", document), "csv").count("\n"),
                         self.export("compare_worse", "csv").count("\n") - 1)

    def test_csv_of_slices(self):
        rows = self.rows_of("bench_models", "csv")
        slices = [row for row in rows if row["metric"] == "p50_ns"]
        document = end_to_end.load_document(DOCUMENTS / "bench_models.json")
        self.assertEqual(len(slices), len(document["slices"]))
        self.assertEqual([float(row["value"]) for row in slices],
                         [one["p50_ns"] for one in document["slices"]])
        self.assertTrue(any(row["dropped"] for row in slices))
        self.assertLessEqual({"throughput_per_s", "p99.9_ns", "bytes_per_connection"},
                             {row["metric"] for row in rows})

    def test_csv_summary_of_troubles(self):
        rows = self.rows_of("bench_models", "csv-summary")
        self.assertEqual(len(rows), 36)
        (select,) = [row for row in rows if row["target"] == "select" and row["clients"] == "1000"]
        self.assertEqual(select["throughput_per_s"], "")
        self.assertIn("below 1024", select["trouble"])

    def test_bencher_of_a_compare(self):
        change = self.json_of("compare_worse", "bencher")["new against base"]["throughput-change"]
        self.assertLess(change["lower_value"], change["value"])
        self.assertLess(change["value"], change["upper_value"])

    def test_bencher_of_a_bench(self):
        benchmarks = self.json_of("bench_models", "bencher")
        self.assertEqual(len(benchmarks), 36)
        troubled = benchmarks.pop("select, 1000 clients")
        self.assertEqual(set(troubled), {"clients-served", "in-trouble"}, "trouble has figures")
        self.assertEqual(troubled["in-trouble"]["value"], 1)
        self.assertEqual({m["in-trouble"]["value"] for m in benchmarks.values()}, {0})
        self.assertEqual({m["clients-served"]["value"] >= 1 for m in benchmarks.values()}, {True})
        for measures in benchmarks.values():
            for measure, figures in measures.items():
                self.assertLessEqual(len(measure), 64)
                self.assertIsInstance(figures["value"], (int, float))

    def test_github_action_benchmark(self):
        self.expect(0, "", "export", DOCUMENTS / "bench_models.json", "--format",
                    "github-action-benchmark", "--output", self.work / "gh")
        for direction in ("bigger", "smaller"):
            values = end_to_end.load_document(self.work / f"gh/{direction}-is-better.json")
            self.assertGreater(len(values), 0)
            self.assertEqual(len({one["name"] for one in values}), len(values), "a name twice")
            for one in values:
                self.assertIsInstance(one["value"], (int, float))
                self.assertGreater(len(one["unit"]), 0)
        values = end_to_end.load_document(self.work / "gh/bigger-is-better.json")
        self.assertEqual(len(values), 35)
        self.assertEqual(values[0]["name"], "sequential, 1 client: throughput")
        self.assertEqual(values[0]["unit"], "req/s")
        self.assertRegex(values[0]["range"], "^±[0-9.]+%$")

    def test_a_compare_of_which_no_block_has_counted(self):
        """It says why in all that people read."""
        document = end_to_end.load_document(DOCUMENTS / "compare_same.json")
        document |= {"comparisons": [], "controls": [], "verdict": "open", "dropped": {
            "blocks": 3, "reasons": [{"reason": "a <busy> machine", "count": 3}]}}
        path = self.write_json("noisy.json", document)
        for form in ("junit", "markdown", "github"):
            self.assertRegex(self.export(path, form),
                             "inconclusive; blocks dropped.?: 3 .*a (<|&lt;)busy", form)

    def test_nothing_is_known(self):
        """Whatever was not measured is a gap, in every format."""
        for name in ("bench_models", "compare_worse", "load"):
            document = end_to_end.load_document(DOCUMENTS / f"{name}.json")
            path = self.write_json("unknown.json", end_to_end.without_numbers(document))
            for form in ("junit", "markdown", "github", "openmetrics", "csv", "csv-summary", "history"):
                self.assertIsNone(re.search(r"(?i)\b(nan|inf)\b", self.export(path, form)), form)
            self.assertNotIn("proctor_change", re.sub("(?m)^#.*", "", self.export(path, "openmetrics")))
            self.assertNotIn("<property ", self.export(path, "junit"))
            (line,) = self.export(path, "history").splitlines()
            for entry in json.loads(line)["results"] + json.loads(line).get("comparisons", []):
                self.assertEqual([v for v in entry.values() if isinstance(v, (int, float))], [])

    def test_markdown_says_it_in_ten_lines(self):
        def first_lines(name):
            return "".join(self.export(name, "markdown").splitlines(keepends=True)[:10])
        self.assertRegex(first_lines("compare_worse"), r"worse.*throughput \+6.0 %")
        self.assertRegex(first_lines("bench_models"), r"1000 clients, throughput: best: \*\*io")
        self.assertRegex(first_lines("bench_models"), "trouble.*select, 1000 clients")


class AwkwardNames(Exports):
    """They come through, and do nothing."""

    NAMES = ["=1+1", 'a "quoted" <name> & more, with commas', "line one line two", "café ☕ 名前",
             "::error::not a command", "| pipe | `tick` [link](x)",
             "'; DROP TABLE runs; -- \\ back", "escape red turned"]

    def test_no_format_carries_commands_or_controls(self):
        forms = [line.split()[0] for line in self.proctor("list", "exports").out.splitlines()
                 if " of a recording" not in line]
        self.assertGreater(len(forms), 5)
        for form in set(forms) - {"github-action-benchmark", "github"}:
            with self.subTest(form):
                text = self.export("bench_awkward", form)
                self.assertNotRegex(text, r"(?m)^\s*::|##\[", "a command to GitHub")
                self.assertNotRegex(text, r"[\x00-\x08\x0B-\x1F\x7F]")
                text.encode()  # fails where it is no UTF-8

    def test_recordings_carry_no_controls(self):
        """In what is binary these bytes stand for themselves only where they are a text's."""
        for form in ("perfetto", "pcapng"):
            out = self.work / form
            self.expect(0, "", "export", DOCUMENTS / "recording_awkward.jsonl", "--format", form, "-o", out)
            self.assertIn(b"</script><script>alert(1)</script>", out.read_bytes())
            self.assertNotIn(b"\x1b[31m", out.read_bytes())
            self.assertNotIn("\u202e".encode(), out.read_bytes())

    def test_csv_summary(self):
        got = [row["target"] for row in self.rows_of("bench_awkward", "csv-summary")][:len(self.NAMES)]
        self.assertEqual(got[0], "'" + self.NAMES[0])
        self.assertEqual(got[1:], ["| " + name if name.startswith("::") else name
                                   for name in self.NAMES[1:]])

    def test_openmetrics(self):
        samples = self.families_of("bench_awkward")["proctor_throughput_requests_per_second"].samples
        self.assertEqual([sample.labels["target"] for sample in samples], self.NAMES)

    def test_bencher(self):
        cell = '10 clients, "<&>" of écho'
        names = [key[:-len(cell) - 2] for key in self.json_of("bench_awkward", "bencher")]
        self.assertEqual(names[:len(self.NAMES)], self.NAMES)

    def test_history(self):
        names = [r["target"] for r in self.json_of("bench_awkward", "history")["results"]]
        self.assertEqual(names[:len(self.NAMES)], self.NAMES)

    def test_github(self):
        for line in self.export("bench_awkward", "github").splitlines():
            self.assertRegex(line, "^::(error|warning|notice) title=[^:,]*::")

    def test_github_has_ten_of_a_kind_at_most(self):
        document = end_to_end.load_document(DOCUMENTS / "bench_awkward.json")
        awkward = document["results"][8]
        document["results"] = [awkward | {"target": awkward["target"] | {"name": f"x{number}"}}
                               for number in range(15)]
        text = self.export(self.write_json("many.json", document), "github")
        self.assertEqual(len(re.findall("(?m)^::error", text)), 10)
        self.assertIn("::6 more are in the summary", text)

    def test_junit(self):
        names = [case.get("name") for case in self.junit_of("bench_awkward").iter("testcase")]
        self.assertEqual(names[:len(self.NAMES)], self.NAMES)

    def test_markdown(self):
        html = self.html_of("bench_awkward")
        self.assertNotRegex(html, "<a |<name|<code|<img", "a name is markup")
        self.assertEqual(html.count('<td align="left">10 clients'), 9)


end_to_end.main()
