#!/usr/bin/python3 -B
"""`proctor diff`: what it says of two stored runs, and which runs are unlike.

Usage: test_diff.py PROCTOR [OPTIONS OF unittest]
"""
import json
import pathlib
import re

import end_to_end

DOCUMENTS = pathlib.Path("documents")
SYSCALLS = "server_syscalls_per_request"


def stored(name):
    return end_to_end.load_document(DOCUMENTS / f"{name}.json")


def rounds_of(document):
    """What was measured in rounds, of each result of which it was."""
    return [result["rounds"] for result in document["results"] if result.get("rounds")]


def one_call_more(rounds):
    rounds[SYSCALLS]["values"] = [value + 1 for value in rounds[SYSCALLS]["values"]]
    rounds[SYSCALLS]["median"] += 1


class Diff(end_to_end.EndToEnd):
    def path_of(self, run):
        """Of a stored document's name, a path, or a document."""
        if isinstance(run, dict):
            self.written = getattr(self, "written", 0) + 1
            return self.write_json(f"run{self.written}.json", run)
        return run if isinstance(run, pathlib.Path) else DOCUMENTS / f"{run}.json"

    def diff(self, code, pattern, old, new, *options):
        return self.expect(code, pattern, "diff", *options, self.path_of(old), self.path_of(new))


class Verdicts(Diff):
    def test_the_same_run(self):
        self.diff(0, "exact: same", "bench_models", "bench_models")
        self.diff(0, "do not make a measured comparison", "load", "load")

    def test_a_counter_got_worse(self):
        run = self.diff(1, "new, 64 clients .*system calls per request .*exact: worse", "compare_same",
                        "compare_worse")
        self.assertRegex(run.out, r"new, 64 clients  *throughput .*\+6.6%  *spreads apart")
        self.assertEqual(sum(line.endswith("worse") for line in run.out.splitlines()), 1,
                         "a verdict on what was measured")
        self.diff(0, "exact: better", "compare_worse", "compare_same")

    def test_who_is_served(self):
        """It is no figure, and has a verdict."""
        fewer = stored("bench_models")
        result = fewer["results"][0]
        before = result["clients"]["served"]
        result["clients"]["served"] -= 1
        name = re.escape(result["target"]["name"])
        self.diff(1, f"worse: {name}, .*: old: {before} of .*; new: {before - 1} of ", "bench_models", fewer)
        self.diff(0, f"better: {name}, .*: old: {before - 1} of .*; new: {before} of ", fewer, "bench_models")
        self.diff(0, "exact: same", fewer, fewer)
        document = self.document(1, ".", "diff", DOCUMENTS / "bench_models.json", self.path_of(fewer))
        self.assertIs(document["stands_worse"], True)
        self.assertIs(document["counter_got_worse"], False)
        (worse,) = [row for row in document["standings"] if row["verdict"] == "worse"]
        self.assertEqual((worse["old"]["served"], worse["new"]["served"]), (before, before - 1))

    def test_who_is_in_trouble(self):
        troubled = stored("bench_models")
        troubled["results"][0]["trouble"] = "it ended"
        self.diff(1, "worse: .*; new: in trouble: it ended", "bench_models", troubled)
        self.diff(0, "better: .*: old: in trouble: it ended; new: ", troubled, "bench_models")
        self.diff(0, "same: .*: old: in trouble: it ended; new: in trouble: it ended", troubled, troubled)
        for result in troubled["results"]:
            result["trouble"] = "it ended"
        self.diff(1, "worse: .*; new: in trouble: it ended", "bench_models", troubled)

    def test_unlike_plans_have_no_verdict(self):
        other = stored("bench_models")
        other["plan"]["slice_s"] = 12345
        other["results"][0]["clients"]["served"] = 0
        self.diff(0, ".", "bench_models", other, "--anyway")

    def test_the_document(self):
        document = self.document(1, "exact: worse", "diff", DOCUMENTS / "compare_same.json",
                                 DOCUMENTS / "compare_worse.json")
        differences = document["differences"]
        self.assertEqual(document["schema"], "proctor.diff/1")
        self.assertIs(document["counter_got_worse"], True)
        self.assertEqual([d["metric"] for d in differences if d["verdict"] == "worse"], [SYSCALLS])
        self.assertEqual([d for d in differences if not d["exact"] and d["verdict"] is not None], [])
        self.assertIn("do not make a measured comparison", document["worth"])

    def test_the_document_on_standard_output(self):
        run = self.diff(0, "", "load", "load", "--json", "-")
        self.assertGreater(len(json.loads(run.out)["differences"]), 5)

    def test_what_a_compare_has_counted_once(self):
        """It is exact, whatever its rounds hold."""
        runs = [stored("compare_same"), stored("compare_worse")]
        for run in runs:
            for result in run["results"]:
                result["server"]["syscalls_per_request"] = None
                result.pop("rounds", None)
        self.diff(1, "new, 64 clients .*system calls .*exact: worse", *runs)

    def test_a_counter_of_one_server(self):
        changed = stored("bench_models")
        (result,) = [r for r in changed["results"]
                     if r["target"]["name"] == "poll" and r["cell"]["clients"] == 10]
        one_call_more(result["rounds"])
        self.diff(1, "poll, 10 clients .*exact: worse", "bench_models", changed)

    def test_a_counter_that_varies(self):
        """From round to round: it is no exact one."""
        changed = stored("bench_models")
        for rounds in rounds_of(changed):
            counter = rounds[SYSCALLS]
            counter["values"] = [value + 1 + at / 10 for at, value in enumerate(counter["values"])]
            counter["median"] += 2
        self.diff(0, "system calls per request .*spreads", "bench_models", changed)

    def test_less_than_nothing(self):
        """Of what was less than nothing there are no shares, and more is worse all the same."""
        def of_memory(size):
            run = stored("bench_models")
            for rounds in rounds_of(run):
                rounds["bytes_per_connection"] = {"values": [size] * 12, "median": size, "low": size,
                                                  "high": size}
            return run
        self.diff(1, "exact: worse", of_memory(-100), of_memory(5000))
        self.diff(0, "exact: better", of_memory(5000), of_memory(-100))
        self.diff(0, "exact: same", of_memory(-100), of_memory(-100.1))

    def test_twice_as_slow_is_no_verdict(self):
        changed = stored("bench_models")
        for rounds in rounds_of(changed):
            for key in ("median", "low", "high"):
                rounds["throughput_per_s"][key] /= 2
        self.diff(0, r"\+100.*spreads apart", "bench_models", changed)

    def test_a_load_of_another_address(self):
        changed = stored("load")
        changed["results"][0]["target"]["name"] = "127.0.0.1:4711"
        self.diff(0, "no spread known", "load", changed)

    def test_a_server_that_is_in_one_run_only(self):
        changed = stored("bench_models")
        changed["results"] = [r for r in changed["results"] if r["target"]["name"] != "fork"]
        self.diff(1, "worse: fork, 1 client: old: [0-9]+ of [0-9]+ clients served; new: it is missing",
                  "bench_models", changed)
        self.diff(0, "fork, 1 client: old: it is missing; new: ", changed, "bench_models")


class Unlike(Diff):
    def assert_unlike(self, what, name, changed):
        """It is refused, saying what; --anyway goes on."""
        self.diff(2, f"^  {what}", name, changed)
        document = self.document(0, "runs are unlike", "diff", "--anyway", self.path_of(name),
                                 self.path_of(changed))
        self.assertGreater(len(document["unlike"]), 0)

    def assert_key_matters(self, what, name, *keys, value=None):
        """With another value under the keys, or none, the run is unlike."""
        changed = stored(name)
        inner = changed
        for key in keys[:-1]:
            inner = inner[key]
        inner.pop(keys[-1], None)
        if value is not None:
            inner[keys[-1]] = value
        self.assert_unlike(what, name, changed)

    def test_machines(self):
        bench = "bench_models"
        self.assert_key_matters("kernel: 6.1.0-example / 6.5.0", bench, "machine", "kernel", value="6.5.0")
        self.assert_key_matters("cpu_model: Example Processor 3000 / Other", bench, "machine",
                                "cpu_model", value="Other")
        self.assert_key_matters("cores: 2 / 4", "load", "machine", "cores", value=4)
        self.assert_key_matters("architecture: x86_64 / not said", "load", "machine", "architecture")

    def test_plans(self):
        bench = "bench_models"
        self.assert_key_matters("slice_s: 0.1 / 0.2", bench, "plan", "slice_s", value=0.2)
        self.assert_key_matters("engine: epoll / io_uring", bench, "plan", "engine", value="io_uring")
        self.assert_key_matters("duration_s: 10.0 / 20", "load", "plan", "duration_s", value=20)

    def test_cells(self):
        first = ("results", 0, "cell")
        self.assert_key_matters(".*: silent: 0 / 10000", "load", *first, "silent", value=10000)
        self.assert_key_matters(".*: path: not said / /x", "load", *first, "path", value="/x")
        changed = stored("load")
        changed["results"][0]["cell"] |= {"clients": 65, "name": "64 clients"}
        self.assert_unlike(".*64 clients: clients: 64 / 65", "load", changed)
        changed = stored("load")
        for result in changed["results"]:
            result["cell"]["protocol"] = "http"
        self.assert_unlike(".*: protocol: echo / http", "load", changed)
        changed = stored("bench_models")
        for result in changed["results"]:
            if result["target"]["name"] == "epoll":
                result["cell"]["size"] = 128
        self.assert_unlike("epoll, 1 client: size: 64 / 128", "bench_models", changed)

    def test_generators(self):
        changed = stored("load")
        for result in changed["results"]:
            result["generator"]["engine"] = "io_uring"
        self.assert_unlike(".*: engine: epoll / io_uring", "load", changed)

    def test_cells_that_are_not_there(self):
        changed = stored("bench_models")
        changed["results"] = [r for r in changed["results"] if r["cell"]["clients"] < 1000]
        self.assert_unlike("load 1000 clients: there / not there", "bench_models", changed)

    def test_commands(self):
        self.diff(2, "command: load / bench", "load", "bench_models")
        self.diff(2, "no result with figures in common", "load", "compare_worse", "--anyway")

    def test_counters(self):
        """They keep their verdict on another machine, and lose it under another load."""
        changed = stored("bench_models")
        for rounds in rounds_of(changed):
            one_call_more(rounds)
        self.diff(1, "exact: worse", "bench_models",
                  changed | {"machine": changed["machine"] | {"kernel": "6.5.0"}}, "--anyway")
        self.diff(0, "exact: spreads", "bench_models",
                  changed | {"plan": changed["plan"] | {"slice_s": 9}}, "--anyway")


end_to_end.main()
