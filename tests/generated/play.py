"""Writes a generated server, runs it under proctor, and judges what proctor says."""
import json
import pathlib
import signal
import subprocess
import time

import c
import drawing
import go
import java
import node
import python
from server import SUFFIX
from truth import judge

running = set()  # gradings, to be ended by stop()
WRITERS = {"python": python, "c": c, "java": java, "node": node, "go": go}
COMPILE = ["cc", "-std=gnu17", "-D_GNU_SOURCE", "-O1", "-pthread"]


def source(server):
    return WRITERS[server.kind.language].write(server)


def build(server, folder):
    """Writes and compiles it into the folder; the words that run it."""
    language = server.kind.language
    path = pathlib.Path(folder) / f"Generated.{SUFFIX[language]}"
    path.write_text(source(server), encoding="utf-8")
    path.chmod(0o644)
    if language == "c":
        subprocess.run([*COMPILE, "-o", path.with_suffix(""), path], check=True)
        return [str(path.with_suffix(""))]
    if language == "go":
        subprocess.run(["go", "build", "-o", path.with_suffix(""), path], check=True)
        return [str(path.with_suffix(""))]
    if language == "java":
        subprocess.run(["javac", "-d", str(folder), str(path)], check=True)
        return ["java", "-cp", str(folder), "Generated"]
    return [{"python": "python3", "node": "node"}[language], str(path)]


def run_text(words):
    """What a command prints."""
    return subprocess.run(words, capture_output=True, check=True, text=True).stdout


def document_of(words, limit_s):
    """The document that a command prints, or None if it does not end in time."""
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, process_group=0)
    running.add(process)
    try:
        text, _ = process.communicate(timeout=limit_s)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGTERM)
        process.communicate()
        return None
    finally:
        running.discard(process)
    try:
        return json.loads(text)
    except ValueError:
        return None


def stop():
    """Ends the gradings that run."""
    for process in tuple(running):
        process.send_signal(signal.SIGTERM)


def play(proctor, server, folder, only=(), limit_s=300):
    """The judgement on what proctor says of a server."""
    folder = pathlib.Path(folder)
    folder.chmod(0o755)
    command = build(server, folder)
    begin = time.monotonic()
    document = document_of([proctor, *drawing.options(server, only), "--json", "-", "--", *command],
                           limit_s)
    judgement = judge(drawing.truth_of(server), document)
    judgement.seconds = time.monotonic() - begin
    if server.fault and drawing.fault_of(server).asks == "second-client":
        judgement.wrong.pop("model", None)
    return judgement
