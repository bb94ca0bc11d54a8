#!/usr/bin/python3 -B
"""Plays every hostile submission as root, as an ordinary user, and in a container without user
namespaces, beside a grading that must not notice. See scripts/campaign-hostile.

Usage: hostile.py PROCTOR RESULTS [--as root|user|container] [--only NAME]
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import outside

TESTS = pathlib.Path(__file__).resolve().parent.parent
BESIDE = TESTS / "coursework/tp1-threads/right.py"
PATIENCE_S = 150  # a grading has 40

ASSIGNMENT = """\
title: {en: Hostile}
entry: ["*.py", "*.sh"]
%s
port: 9500
points: 3
limits: {wall-s: 20, cpu-s: 20, grading-s: 40, memory-mb: 500}
checks:
  - {check: serves-one-client, points: 1}
  - {check: second-client-served, points: 1}
  - {check: nothing-left-behind, points: 1}
"""

AS_USER = ["setpriv", f"--reuid={outside.USER}", f"--regid={outside.USER}", "--clear-groups"]
# Its own processes, mounts and network; then a user namespace below which there can be no other.
AS_IN_CONTAINER = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "--net", "--ipc", "sh", "-c",
                   'ip link set lo up; exec "$@"', "sh", *AS_USER, "unshare", "--user",
                   "--map-current-user", "--keep-caps", "sh", "-c",
                   "echo 0 >/proc/sys/user/max_user_namespaces && "
                   'exec setpriv --inh-caps=-all --ambient-caps=-all "$@"', "sh"]
WAYS = {"root": [], "user": AS_USER, "container": AS_IN_CONTAINER}


def submissions():
    folder = TESTS / "hostile"
    return sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".sh"))


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def peak_kb(pid):
    """The most memory that this process has had, if it is proctor."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
            fields = dict(line.split(":", 1) for line in file if ":" in line)
    except (OSError, ValueError):
        return 0
    if fields.get("Name", "").strip() != "proctor":
        return 0
    return int(fields.get("VmHWM", "0").split()[0])


class Watch(threading.Thread):
    """Looks how large the grader and its worker grow, until it is told that they have ended."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.most_kb, self.over = pid, 0, threading.Event()

    def run(self):
        while not self.over.wait(0.02):
            level = [self.pid]
            for _ in range(6):
                self.most_kb = max([self.most_kb, *map(peak_kb, level)])
                level = [child for pid in level[:8] for child in children(pid)][:8]


class Campaign:
    def __init__(self, proctor, results):
        self.results = results
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="hostile-campaign-"))
        self.work.chmod(0o755)
        self.proctor = self.work / "proctor"
        shutil.copy(proctor, self.proctor)
        shutil.copy(BESIDE, self.work / "beside.py")
        (self.work / "beside.py").chmod(0o644)

    def grade(self, way, assignment, submission, scratch, tag):
        """The process that grades, with its document in a file beside."""
        document = self.work / f"{tag}.json"
        document.touch()
        document.chmod(0o666)
        return subprocess.Popen(
            [*WAYS[way], "env", f"TMPDIR={scratch}", self.proctor, "grade", assignment, submission,
             "--patience", "5s", "--json", "-"],
            stdin=subprocess.DEVNULL, stdout=open(document, "wb"), stderr=subprocess.DEVNULL, cwd=self.work)

    def outcome(self, process, tag, watch=None):
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return {"verdict": "HUNG", "finding": f"not over after {PATIENCE_S} s"}
        finally:
            if watch is not None:
                watch.over.set()
        try:
            document = json.loads((self.work / f"{tag}.json").read_text(encoding="utf-8", errors="replace"))
        except ValueError:
            return {"verdict": f"exit {process.returncode}", "finding": "no document"}
        findings = [check["finding"] for check in document["checks"] if check["verdict"] != "pass"]
        error = document.get("error", {})
        return {"verdict": document["verdict"], "level": document.get("isolation"),
                "finding": "; ".join(dict.fromkeys(findings)) or error.get("step", "")}

    def play_beside(self, way, scratch, tag):
        began = time.monotonic()
        one = self.outcome(self.grade(way, "tp1-threads", "beside.py", scratch, tag), tag)
        return one["verdict"], one["finding"], time.monotonic() - began

    def run(self, way, path):
        tag = f"hc{os.getpid()}x{path.stem}"
        scratch = self.work / f"scratch-{tag}"
        scratch.mkdir()
        scratch.chmod(0o1777)
        submission = self.work / f"{tag}{path.suffix}"
        shutil.copy(path, submission)
        submission.chmod(0o644)
        rule = "build: sh {entry}\nrun: sh {entry}" if path.suffix == ".sh" else "run: python3 {entry}"
        assignment = self.work / f"{tag}.yaml"
        assignment.write_text(ASSIGNMENT % rule, encoding="utf-8")
        before = outside.Before(tag, scratch)
        alone, _, alone_s = self.play_beside(way, scratch, f"alone-{tag}")
        began = time.monotonic()
        attack = self.grade(way, assignment, submission, scratch, tag)
        watch = Watch(attack.pid)
        watch.start()
        beside, beside_finding, beside_s = self.play_beside(way, scratch, f"beside-{tag}")
        found = self.outcome(attack, tag, watch)
        row = {"as": way, "attack": str(path.relative_to(TESTS / "hostile")), **found,
               "seconds": round(time.monotonic() - began, 1), "grader_kb": watch.most_kb,
               "beside": beside, "beside_finding": beside_finding,
               "beside_ratio": round(beside_s / alone_s, 2),
               "left": before.left()}
        row["contained"] = not row["left"] and beside == alone and found["verdict"] != "HUNG"
        for leftover in self.work.glob(f"*{tag}*"):
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        return row


def main():
    words = argparse.ArgumentParser()
    words.add_argument("proctor")
    words.add_argument("results", type=pathlib.Path)
    words.add_argument("--as", dest="ways", action="append", choices=WAYS)
    words.add_argument("--only")
    given = words.parse_args()
    done = set()
    if given.results.exists():
        rows = map(json.loads, given.results.read_text(encoding="utf-8").splitlines())
        done = {(row["as"], row["attack"]) for row in rows if "attack" in row}
    campaign = Campaign(given.proctor, given.results)
    failures = 0
    try:
        for way in given.ways or WAYS:
            for path in submissions():
                name = str(path.relative_to(TESTS / "hostile"))
                if (way, name) in done or (given.only is not None and given.only not in name):
                    continue
                row = campaign.run(way, path)
                with open(given.results, "a", encoding="utf-8") as file:
                    file.write(json.dumps(row) + "\n")
                failures += not row["contained"]
                print("contained" if row["contained"] else "ESCAPED  ", way, name, row["verdict"],
                      row["finding"][:70], *row["left"][:3], flush=True)
    finally:
        shutil.rmtree(campaign.work, ignore_errors=True)
    sys.exit(failures > 0)


main()
