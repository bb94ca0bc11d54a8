#!/usr/bin/python3 -B
"""Kills gradings at random moments: the grader, a keeper, or the power (the output folder is copied as it
is, and the grading killed). No document is half written, the class can be resumed, and nothing is left.
See scripts/campaign-hostile.

Usage: kills.py PROCTOR RESULTS TIMES
"""
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import outside

TESTS = pathlib.Path(__file__).resolve().parent.parent
KINDS = "grader", "keeper", "power"

ASSIGNMENT = """\
title: {en: Killed}
entry: ["*.py"]
points: 2
checks:
  - {check: serves-one-client, points: 1}
  - {check: ends-on-SIGTERM, points: 1}
"""


def below(pid):
    found = [pid]
    for one in found:
        try:
            with open(f"/proc/{one}/task/{one}/children", encoding="ascii") as file:
                found += map(int, file.read().split())
        except OSError:
            continue
    return found[1:]


def keepers(grader):
    """Processes of proctor's two levels below the grader: workers are one level below."""
    found = []
    for pid in set(below(grader)) - set(children(grader)):
        try:
            with open(f"/proc/{pid}/comm", encoding="ascii") as file:
                if file.read().strip() == "proctor":
                    found.append(pid)
        except OSError:
            continue
    return found


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return list(map(int, file.read().split()))
    except OSError:
        return []


def half_written(folder):
    """Documents that no program can read."""
    bad = []
    for path in (folder / "grades").glob("*.json"):
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            if document["verdict"] not in ("pass", "error"):
                bad.append(f"{path.name}: {document['verdict']}")
        except (ValueError, KeyError):
            bad.append(f"{path.name}: half written")
    return bad


class Kills:
    def __init__(self, proctor):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="kill-campaign-"))
        self.tag = f"kc{os.getpid()}"
        self.scratch = self.work / "scratch"
        self.scratch.mkdir()
        (self.work / "one.yaml").write_text(ASSIGNMENT, encoding="utf-8")
        self.proctor = self.work / "proctor"
        shutil.copy(proctor, self.proctor)
        self.submissions = []
        for number in range(4):
            self.submissions.append(f"{self.tag}n{number}.py")
            shutil.copy(TESTS / "right/threads.py", self.work / self.submissions[-1])

    def start(self, output, *options):
        return subprocess.Popen(
            ["env", f"TMPDIR={self.scratch}", self.proctor, "grade", "one.yaml", *self.submissions,
             "--jobs", "2", "--output", output, *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.work)

    def once(self, kind, within_s):
        output = self.work / "output"
        before = outside.Before(self.tag, self.scratch)
        grading = self.start(output)
        time.sleep(random.uniform(0, within_s))  # the moment is what is random
        bad = []
        if kind == "keeper":
            for pid in keepers(grading.pid)[:1]:
                os.kill(pid, signal.SIGKILL)
            grading.wait(150)
        elif kind == "power":
            copied = self.work / "copied"
            if output.exists():
                shutil.copytree(output, copied, ignore_dangling_symlinks=True, copy_function=copy_or_not)
                bad += half_written(copied)
        if kind != "keeper":
            grading.kill()
            grading.wait()
        bad += half_written(output) if output.exists() else []
        if kind == "power" and output.exists():
            shutil.rmtree(output)
            copied.rename(output)
        resumed = self.start(output, "--resume")
        if resumed.wait(150) != 0:
            bad.append(f"resumed with exit {resumed.returncode}")
        if len(list((output / "grades").glob("*.json"))) != len(self.submissions):
            bad.append("not all are graded")
        bad += [f"file: {path.name}" for path in output.rglob("*.tmp")]
        bad += half_written(output) + before.left()
        shutil.rmtree(output)
        return bad


def copy_or_not(source, target):
    """What goes away while it is copied is as good as not yet written."""
    try:
        shutil.copy2(source, target)
    except FileNotFoundError:
        pass


def main():
    proctor, results, times = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    rows = []
    if results.exists():
        rows = [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]
    done = sum("killed" in row for row in rows)
    kills = Kills(proctor)
    failures = 0
    try:
        began = time.monotonic()
        assert kills.start(kills.work / "whole").wait(150) == 0, "right submissions do not pass"
        whole_s = time.monotonic() - began
        for number in range(done, times):
            kind = KINDS[number % len(KINDS)]
            bad = kills.once(kind, whole_s)
            failures += bool(bad)
            with open(results, "a", encoding="utf-8") as file:
                file.write(json.dumps({"killed": kind, "number": number, "bad": bad}) + "\n")
            if bad:
                print("FAILED", kind, *bad, flush=True)
        print(f"{times - done} kills, {failures} that left something or lost something")
    finally:
        shutil.rmtree(kills.work, ignore_errors=True)
    sys.exit(failures > 0)


main()
