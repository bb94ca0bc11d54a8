"""What end-to-end tests of the command line in Python have in common; those in shell have
end_to_end.sh. A test is a program, TEST PROCTOR [OPTIONS OF unittest], and its last line is
end_to_end.main().
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import typing
import unittest

TESTS = pathlib.Path(__file__).resolve().parent.parent

program = ""  # proctor, a path from the root: main() sets it


class Run(typing.NamedTuple):
    """A command that has ended, and what it has said."""

    code: int
    out: str
    err: str


class Server:
    """A server that has said where it listens."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        self.address = self.process.stdout.readline().split()[2]
        self.port = self.address.rsplit(":", 1)[1]
        self.pid = self.process.pid

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class EndToEnd(unittest.TestCase):
    """Runs with the tests as its folder; self.work is a folder that goes with the test."""

    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)

    def write(self, name, text):
        path = self.work / name
        path.write_text(text, encoding="utf-8")
        return path

    def write_json(self, name, document):
        return self.write(name, json.dumps(document))

    def run_command(self, *command, **how):
        """Runs it to its end. Lines end as they do in the bytes, and what is no UTF-8 stays apart."""
        if "input" not in how:
            how = {"stdin": subprocess.DEVNULL} | how
        done = subprocess.run([str(word) for word in command], capture_output=True, check=False, **how)
        return Run(done.returncode, *(said.decode("utf-8", "surrogateescape")
                                      for said in (done.stdout, done.stderr)))

    def proctor(self, *arguments, **how):
        return self.run_command(program, *arguments, **how)

    def expect(self, code, pattern, *arguments, **how):
        """proctor ends with CODE, and a line of what it says matches the pattern."""
        run = self.proctor(*arguments, **how)
        self.assertEqual(run.code, code, f"{arguments}: {run.out[-600:]}{run.err[-400:]}")
        self.assertRegex(f"{run.out}\n{run.err}", f"(?m){pattern}")
        return run

    def marked(self, code, assignment, submission):
        """The checks of a submission under an assignment, both texts."""
        document = self.document(code, "", "grade", self.write("assignment.yaml", assignment),
                                 self.write("submission.py", submission))
        return document["checks"]

    def document(self, code, pattern, *arguments, **how):
        """As expect(), with --json; the document, which is there whatever the exit code."""
        path = self.work / "document.json"
        path.unlink(missing_ok=True)
        words = list(arguments)
        at = words.index("--") if "--" in words else len(words)
        words[at:at] = ["--json", path]
        self.expect(code, pattern, *words, **how)
        return load_document(path)

    def start(self, *command):
        server = Server([str(word) for word in command])
        self.addCleanup(server.kill)
        return server

    def serve(self, *arguments):
        return self.start(program, "serve", *arguments)


def not_tested(what):
    """Says what this machine cannot test; scripts/test gathers it. As not_tested.sh does."""
    print(f"not tested here: {what}", file=sys.stderr)
    if os.environ.get("NOT_TESTED"):
        with open(os.environ["NOT_TESTED"], "a", encoding="utf-8") as gathered:
            print(f"{pathlib.Path(sys.argv[0]).stem}: {what}", file=gathered)


def load_document(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))


def without_numbers(value, key=""):
    """A run document in which nothing was measured: what was planned stays, and all words."""
    if key in ("cell", "plan", "machine") or isinstance(value, bool):
        return value
    if isinstance(value, dict):
        return {name: without_numbers(member, name) for name, member in value.items()}
    if isinstance(value, list):
        return [without_numbers(item) for item in value if isinstance(item, (dict, str))]
    return None if isinstance(value, (int, float)) else value


class Background(EndToEnd):
    """Of what a proctor does that goes on meanwhile."""

    def begin(self, *arguments):
        """A proctor that goes on, and says what it says to self.said."""
        self.said = self.work / "said"
        with open(self.said, "wb") as said:
            process = subprocess.Popen([program, *arguments], stdin=subprocess.DEVNULL,
                                       stdout=said, stderr=said)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def children_of(self, process):
        return self.run_command("pgrep", "-P", process.pid).out.split()


def main():
    global program
    program = os.path.realpath(sys.argv.pop(1))
    os.chdir(TESTS)
    os.environ["LC_ALL"] = "C"  # what is looked for is said in English
    unittest.main()
