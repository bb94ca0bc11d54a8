#!/usr/bin/python3 -B
"""Thirty generated servers, always the same, get the verdicts that are theirs by construction; and the
generator is what it says: deterministic, fair, and able to make smaller what it finds.

Usage: test_generated.py PROCTOR [OPTIONS OF unittest]
"""
import collections
import concurrent.futures
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import drawing
import faults
import play
import ways
from server import Kind, Server
from shrink import report, shrink
from truth import CHECKS, Truth, judge

SEED, THIRTY = "every time", 30
CAMPAIGN = 500
NEEDS = {"python": "python3", "c": "cc", "java": "javac", "node": "node", "go": "go"}

program = ""  # proctor: main sets it


def is_quick(server):
    """Is it graded within some seconds, on its checks alone?"""
    waits = sum(value[0] * value[1] if isinstance(value, tuple) else value
                for name, value in server.ways
                if ways.BY_NAME[name].group in ("work", "end", "entry", "start")
                and name not in ("computes", "asks_the_kernel"))
    fault = drawing.fault_of(server)
    # Who sleeps for five seconds at a time blocks a client by the clock only, which takes twenty.
    is_late = server.kind.model == "sequential" and server.way("threads_of_a_runtime", 0)
    return (not is_late and waits <= 0.5 and server.way("computes", 0) <= 5
            and not any(ways.BY_NAME[name].slow for name, _ in server.ways)
            and server.kind.style != "multiprocessing"
            and server.kind.language not in ("java", "go") and (fault is None or not fault.slow))


def quick_servers():
    """The first of the seed that are quick. Java and Go are not: their
    campaign is the other one."""
    number, found = 0, []
    while len(found) < THIRTY:
        server = drawing.draw(SEED, number)
        if is_quick(server) and shutil.which(NEEDS[server.kind.language]):
            found.append(server)
        number += 1
    return found


class Graded(unittest.TestCase):
    def grade(self, server):
        with tempfile.TemporaryDirectory() as folder:
            return play.play(program, server, folder, drawing.touched(server))

    def test_thirty(self):
        servers = quick_servers()
        with concurrent.futures.ThreadPoolExecutor(2 * os.cpu_count()) as pool:  # which mostly wait
            judgements = list(pool.map(self.grade, servers))
        for server, judgement in zip(servers, judgements):
            with self.subTest(number=server.number, server=server.features()):
                self.assertEqual((judgement.wrong, judgement.undecided), ({}, {}))
        slowest = max(range(THIRTY), key=lambda at: judgements[at].seconds)
        print(f"slowest: {judgements[slowest].seconds:.1f} s, {servers[slowest].features()}")


class Drawing(unittest.TestCase):
    def test_the_same_number_is_the_same_server(self):
        for number in range(100):
            first, second = drawing.draw("a", number), drawing.draw("a", number)
            self.assertEqual(first, second)
            self.assertEqual(play.source(first), play.source(second))

    def test_every_way_and_fault_has_its_turns(self):
        drawn = collections.Counter()
        for number in range(CAMPAIGN):
            server = drawing.draw("1", number)
            drawn.update([name for name, _ in server.ways] + [server.fault, server.kind])
        self.assertEqual({way.name: drawn[way.name] for way in ways.WAYS if drawn[way.name] < 20}, {})
        self.assertEqual([fault.name for fault in faults.FAULTS if drawn[fault.name] < 3], [])
        self.assertEqual([kind for kind in drawing.KINDS if drawn[kind] < 3], [])

    def test_what_is_drawn_goes_together(self):
        for number in range(CAMPAIGN):
            server = drawing.draw("2", number)
            groups = [ways.BY_NAME[name].group for name, _ in server.ways]
            self.assertEqual(len(set(groups)), len(groups), server)
            for name, _ in server.ways:
                self.assertTrue(drawing.may_have(server.kind, server.fault, ways.BY_NAME[name]))

    def test_every_source_in_python_compiles(self):
        for number in range(CAMPAIGN):
            server = drawing.draw("3", number)
            if server.kind.language == "python":
                compile(play.source(server), str(server), "exec")

    def test_sources_in_c_compile(self):
        servers = [drawing.draw("4", number) for number in range(CAMPAIGN)]
        texts = [play.source(server) for server in servers if server.kind.language == "c"]
        for text in texts[:60]:
            subprocess.run([*play.COMPILE, "-fsyntax-only", "-x", "c", "-"], input=text, text=True,
                           check=True)


class Judging(unittest.TestCase):
    TRUTH = Truth(frozenset({"thread"}), frozenset({"no-spinning"}), frozenset({"many-clients"}))

    def judge(self, **verdicts):
        return judge(self.TRUTH, {"checks": [
            {"id": name.replace("_", "-"), "verdict": verdict, "decided_by": "evidence"}
            for name, verdict in verdicts.items()]})

    def test_what_is_right(self):
        for verdicts in ({"no_spinning": "fail"}, {"many_clients": "fail"}, {"many_clients": "pass"},
                         {"large_message": "pass"}, {"large_message": "skipped"}):
            self.assertEqual(self.judge(**verdicts).wrong, {})

    def test_what_is_wrong(self):
        self.assertEqual(self.judge(no_spinning="pass").wrong, {"no-spinning": "pass"})
        self.assertEqual(self.judge(large_message="fail").wrong, {"large-message": "fail"})

    def test_what_is_undecided(self):
        for verdict in ("inconclusive", "error"):
            judgement = self.judge(large_message=verdict)
            self.assertEqual((judgement.wrong, judgement.undecided), ({}, {"large-message": verdict}))
        self.assertEqual(judge(self.TRUTH, None).undecided, {"document": "none"})

    def test_models(self):
        self.assertEqual(judge(self.TRUTH, {"identified": {"model": "thread"}}).wrong, {})
        self.assertEqual(judge(self.TRUTH, {"identified": {"model": "fork"}}).wrong, {"model": "fork"})

    def test_the_checks_are_those_of_proctor(self):
        text = play.run_text([program, "list", "checks"])
        for check in CHECKS:
            self.assertRegex(text, rf"(?m)^{check}\b")


class Shrinking(unittest.TestCase):
    BIG = Server("1", 1, Kind("python", "thread"), (
        ("backlog", 5), ("buffer", 100), ("heartbeat", 0.5), ("works_before_reading", 1)),
        "leaks_descriptors")

    def test_what_is_not_needed_goes(self):
        def try_out(server, only):
            self.assertIn(only, ((), ("no-spinning",)))
            return {"no-spinning": "fail"} if server.way("heartbeat") else {}

        server, only, said = shrink(try_out, self.BIG, {"no-spinning": "fail"})
        self.assertEqual((server.ways, server.fault), ((("heartbeat", 0.003),), ""))
        self.assertEqual(only, ("no-spinning",))
        self.assertTrue(report(server, only, said).startswith(
            "# proctor grade checks --model thread --only no-spinning: no-spinning: fail; "
            "right: no-spinning: pass\n"))

    def test_what_a_check_before_leaves_behind_is_kept(self):
        def try_out(server, only):
            return {"no-spinning": "fail"} if not only and server.fault else {}

        server, only, _ = shrink(try_out, self.BIG, {"no-spinning": "fail"})
        self.assertEqual((server.ways, server.fault, only), ((), "leaks_descriptors", ()))


if __name__ == "__main__":
    program = os.path.realpath(sys.argv.pop(1))
    unittest.main()
