#!/usr/bin/python3 -B
"""A class of which the grading does not come to its own end: a worker is killed, or somebody ends all
of it. Whatever becomes of it, there is a document of everybody who was graded.

Usage: test_class_ending.py PROCTOR [OPTIONS OF unittest]
"""
import glob
import os
import pty
import select
import signal
import subprocess

import end_to_end

# As long as there is patience; beside a child that nothing but SIGKILL would end.
SPINS = """
import os, signal
for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
    signal.signal(number, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    while True:
        signal.pause()
while True:
    pass
"""


def parents():
    """The parent of each process."""
    found = {}
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                text = file.read()
        except OSError:
            continue
        found[int(path.split("/")[2])] = int(text[text.rindex(")") + 2:].split()[1])
    return found


def children_of(pid):
    return [child for child, parent in parents().items() if parent == pid]


def all_below(root):
    table, found = parents(), [root]
    for one in found:
        found += [pid for pid, parent in table.items() if parent == one]
    return found[1:]


def run_both(pids):
    """Do the submission and its child run, by the words of their command?"""
    count = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
        except OSError:
            continue
        count += words[:2] == [b"python3", b"./spins.py"]
    return count == 2


def heed_signals():
    for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
        signal.signal(number, signal.SIG_DFL)


class AClass(end_to_end.EndToEnd):
    def setUp(self):
        super().setUp()
        (self.work / "class").mkdir()
        self.done = self.write("class/done.c", "int main(void) { return nothing; }\n")
        self.spins = self.write("class/spins.py", SPINS)
        self.output = self.work / "graded"

    def read(self, name):
        return end_to_end.load_document(self.output / name)


class AWorkerIsLost(AClass):
    def test_it_costs_one_grading(self):
        self.write("class/spins.py", "while True:\n    pass\n")
        with open(self.work / "said", "wb") as said:
            grading = subprocess.Popen(
                [end_to_end.program, "grade", "tp1-threads", self.done, self.spins, "--jobs", "1",
                 "--patience", "60s", "--output", self.output], stdout=said, stderr=subprocess.DEVNULL)
        self.addCleanup(grading.wait)
        self.addCleanup(grading.kill)
        while not (self.output / "grades/done.json").exists():
            self.assertIsNone(grading.poll())
        while not (workers := list(filter(children_of, children_of(grading.pid)))):
            self.assertIsNone(grading.poll())
        os.kill(workers[0], signal.SIGKILL)
        self.assertEqual(grading.wait(), 3)

        lost = self.read("grades/spins.json")
        self.assertEqual(lost["verdict"], "error")
        self.assertIsNone(lost["points"])
        self.assertIn("killed by signal 9", lost["error"]["text"])
        self.assertEqual(self.read("grades/done.json")["verdict"], "fail")
        self.assertEqual([s["verdict"] for s in self.read("class.json")["submissions"]], ["fail", "error"])
        self.assertIn("no mark  spins", (self.work / "said").read_text())
        self.assertEqual([*self.output.rglob("proctor-*"), *self.output.rglob("*.tmp")], [])


class SomebodyEndsIt(AClass):
    def end(self, number, *options, group=False):
        """Ends a grading by a signal while it runs; the last line that it said on its terminal."""
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        grading = subprocess.Popen(
            [end_to_end.program, "grade", "tp1-threads", self.done, self.spins, "--jobs", "2",
             "--patience", "100s", *options],
            stdout=subprocess.DEVNULL, stderr=theirs, start_new_session=True, preexec_fn=heed_signals)
        self.addCleanup(grading.wait)
        self.addCleanup(grading.kill)
        os.close(theirs)
        said = b""
        while b"1 of 2 graded" not in said:
            said += os.read(ours, 4096)
        while not run_both(pids := all_below(grading.pid)):
            self.assertIsNone(grading.poll(), "it has ended too early")
        places = [os.readlink(f"/proc/{pid}/cwd") for pid in children_of(grading.pid)]
        held = [os.pidfd_open(pid) for pid in pids]
        for one in held:
            self.addCleanup(os.close, one)
        self.assertEqual(select.select(held, [], [], 0)[0], [])

        (os.killpg if group else os.kill)(grading.pid, number)
        self.assertEqual(grading.wait(), -number)
        ended = select.select(held, [], [], 0)[0]
        self.assertEqual(len(ended), len(held), "some go on")
        self.assertGreaterEqual(len(held), 4)
        try:
            while piece := os.read(ours, 4096):
                said += piece
        except OSError:  # nobody has the terminal any more
            pass
        *_, progress, last = said.decode().replace("\r\n", "\n").rstrip("\n").split("\n")
        self.assertRegex(progress.split("\r")[-1], "^1 of 2 graded")
        self.assertIn(f"stopped by {signal.Signals(number).name} after 1 of 2 submissions", last)
        for place in places:
            self.assertIn("/proctor-", place)
            self.assertFalse(os.path.exists("/".join(place.split("/")[:3])), place)
        return last

    def assert_keeps_what_is_graded(self, number, group=False):
        last = self.end(number, "--output", self.output, group=group)
        self.assertIn("with --resume to continue", last)
        self.assertEqual(os.listdir(self.output), ["grades"])
        self.assertEqual(os.listdir(self.output / "grades"), ["done.json"])
        self.assertEqual(self.read("grades/done.json")["verdict"], "fail")

    def test_from_the_keyboard(self):
        self.assert_keeps_what_is_graded(signal.SIGINT, group=True)
        run = self.proctor("grade", "tp1-threads", self.done, "--output", self.output, "--resume")
        self.assertIn("1 grades reused", run.err)

    def test_by_sigterm(self):
        self.assert_keeps_what_is_graded(signal.SIGTERM)

    def test_by_sighup(self):
        self.assert_keeps_what_is_graded(signal.SIGHUP)

    def test_without_output(self):
        self.assertIn("without --output nothing was saved", self.end(signal.SIGINT, group=True))

    def test_where_it_is_ignored(self):
        """As in the background of a script: the grading goes on to its end."""
        grading = subprocess.Popen(
            [end_to_end.program, "grade", "tp1-threads", self.done], stdout=subprocess.DEVNULL,
            start_new_session=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
        os.killpg(grading.pid, signal.SIGINT)
        self.assertEqual(grading.wait(), 1)


end_to_end.main()
