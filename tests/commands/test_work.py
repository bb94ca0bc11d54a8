#!/usr/bin/python3 -B
"""Ten times as much from outside is ten times the work, not a hundred times: what a program asks of
the C library and of jansson is counted (support/count_work.c), and what it writes. No time is measured.

Usage: test_work.py PROCTOR COUNT_WORK RENDER_CLASS [OPTIONS OF unittest]
"""
import copy
import json
import os
import sys

import end_to_end

count_work, render_class = (os.path.realpath(sys.argv.pop(2)) for _ in range(2))

MOST = 14  # times: sorting takes a little more than ten times as much; comparing all with all a hundred


class Work(end_to_end.EndToEnd):
    def count(self, *command, code=0):
        """What a command does, and how much it writes."""
        path = self.work / "count"
        path.unlink(missing_ok=True)
        run = self.run_command(*command, env=os.environ | {"LD_PRELOAD": count_work, "WORK_COUNT": path})
        self.assertEqual(run.code, code, run.err[-400:])
        return int(path.read_text()), len(run.out) + len(run.err)

    def check_growth(self, command, few, code=0):
        """`command` makes the words of a command for so many."""
        none, some, many = (self.count(*command(count), code=code) for count in (1, few, 10 * few))
        for what, at_none, at_some, at_many in zip(("work", "bytes"), none, some, many):
            growth = (at_many - at_none) / max(1, at_some - at_none)
            self.assertLess(growth, MOST, f"{what}: {at_none}, {at_some}, {at_many}")


def stored(name):
    return json.loads((end_to_end.TESTS / f"documents/{name}.json").read_text())


class StoredRuns(Work):
    def run_of(self, count, target_of, cell_of, clients_of=lambda number: 8):
        """A bench with so many results, rankings and slices."""
        run = stored("bench_models")
        result, ranking, slice_ = run["results"][0], run["rankings"][0], run["slices"][0]
        run |= {"results": [], "rankings": [], "slices": []}
        for number in range(count):
            one = copy.copy(result)
            one["target"] = result["target"] | {"name": target_of(number)}
            one["cell"] = result["cell"] | {"name": cell_of(number), "clients": clients_of(number)}
            run["results"].append(one)
            run["slices"].append(slice_ | {"target": target_of(number), "cell": cell_of(number)})
        targets = sorted({target_of(number) for number in range(count)})
        for cell in sorted({cell_of(number) for number in range(count)}):
            few = targets if cell == cell_of(0) else targets[:1]
            rows = [ranking["targets"][0] | {"target": target} for target in few]
            run["rankings"].append(ranking | {"cell": cell, "targets": rows, "best": few,
                                              "reference": targets[0]})
        run["plan"] |= {"targets": targets, "commands": targets, "reference": targets[0]}
        return self.write_json(f"{count}.json", run)

    SHAPES = {
        "servers": ("s{}".format, lambda number: "c"),
        "loads": (lambda number: "s", "c{}".format, lambda number: number + 1),
        "both": ("s{}".format, "c{}".format, lambda number: number + 1),
    }

    def grow(self, few, *words):
        for name, shape in self.SHAPES.items():
            with self.subTest(name, words=words):
                paths = {count: self.run_of(count, *shape) for count in (1, few, 10 * few)}
                self.check_growth(lambda count: [word or paths[count] for word in words], few)

    def test_report(self):
        self.grow(40, end_to_end.program, "report", None, "--output", "-")

    def test_difference(self):
        self.grow(40, end_to_end.program, "diff", None, None)

    def test_exports(self):
        for form in ("csv", "csv-summary", "junit", "markdown", "openmetrics", "bencher", "github", "history"):
            self.grow(20, end_to_end.program, "export", None, "--format", form)

    def test_many_documents(self):
        path = self.run_of(1, str, str)
        self.check_growth(lambda count: [end_to_end.program, "report", *[path] * count, "--output", "-"], 10)

    def test_comparisons(self):
        def compare(count):
            run = stored("compare_worse")
            results = {one["side"]: one for one in run["results"]}
            comparison = run["comparisons"][0]
            run |= {"results": [], "comparisons": [], "controls": [], "slices": [], "reasons": []}
            for number in range(count):
                for one in results.values():
                    run["results"].append(one | {"cell": one["cell"] | {"name": f"c{number}"}})
                run["comparisons"].append(comparison | {"cell": f"c{number}"})
                run["controls"].append(comparison | {"cell": f"c{number}"})
                run["reasons"].append(f"{comparison['metric']}: so")
            return self.write_json(f"{count}.json", run)
        for words in (("report", None, "--output", "-"), ("export", None, "--format", "junit"),
                      ("export", None, "--format", "markdown"), ("diff", None, None)):
            with self.subTest(words[0]):
                self.check_growth(lambda count: [
                    end_to_end.program, *(word if word is not None else compare(count) for word in words)],
                                  20)


class Classes(Work):
    def test_class(self):
        def participants(count):
            rows = "".join(f"First,Last{number},student{number}@example.org,student{number}\n"
                           for number in range(count))
            return self.write(f"{count}.csv", "First name,Last name,Email address,Username\n" + rows)
        self.check_growth(lambda count: [render_class, str(count), participants(count)], 60)


class Texts(Work):
    def yaml(self, text):
        return [end_to_end.program, "grade", self.write("a.yaml", text), end_to_end.TESTS]

    def test_anchors(self):
        head = "title: {en: t}\nentry: ['*.py']\npoints: 1\nchecks:\n  - {check: starts-and-listens, points: 1}\n"
        for name, line in (("anchors", "- &{:x} x\n"), ("entries", "- x\n"), ("mappings", "- {{a{}: 1}}\n")):
            with self.subTest(name):
                self.check_growth(lambda count: self.yaml(head + "build:\n" + "".join(
                    line.format(number) for number in range(count))), 600, code=2)
        with self.subTest("tags"):
            self.check_growth(lambda count: self.yaml("".join(
                f"%TAG !a{number}! b\n" for number in range(count)) + "---\n" + head), 600, code=2)

    def test_names(self):
        """Of submissions: so many are called alike."""
        paths = [end_to_end.TESTS] * 4000
        self.check_growth(lambda count: [end_to_end.program, "grade", "tp1-threads", *paths[:count],
                                         self.work / "absent"], 300, code=2)


end_to_end.main()
