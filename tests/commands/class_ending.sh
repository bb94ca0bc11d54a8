#!/usr/bin/env bash
# A class of which the grading does not come to its own end: a worker is killed, or somebody ends all
# of it.
#
# Usage: test_class_ending.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"
class=$work/class
mkdir "$class"
printf 'int main(void) { return nothing; }\n' >"$class/done.c"
printf 'while True:\n    pass\n' >"$class/spins.py" # as long as there is patience

# await COMMAND...: until it succeeds, or the grading has ended.
await() {
    until "$@"; do
        kill -0 "$grading" 2>/dev/null || {
            fail "has ended before: $*"
            return
        }
    done
}
is_done() { [ -e "$1/grades/done.json" ]; }
has_worker() { worker=$(pgrep -P "$grading" | head -n 1) && [ -n "$worker" ] && [ -n "$(pgrep -P "$worker")" ]; }

### A worker is lost ###

"$proctor" grade tp1-threads "$class"/* --jobs 1 --patience 60s --output "$work/lost" >"$work/out" 2>"$work/err" &
grading=$!
await is_done "$work/lost"
await has_worker
kill -KILL "$worker"
code=0
wait "$grading" || code=$?
[ "$code" -eq 3 ] || fail "exit $code, not 3, where a grading was lost"
check "$work/lost/grades/spins.json" 'd["verdict"] == "error" and d["points"] is None'
check "$work/lost/grades/spins.json" '"ended by signal 9" in d["error"]["text"]'
check "$work/lost/grades/done.json" 'd["verdict"] == "fail"'
check "$work/lost/class.json" '[s["verdict"] for s in d["submissions"]] == ["fail", "error"]'
grep -q 'no mark  spins' "$work/out" || fail "the table does not say so: $(cat "$work/out")"
[ -z "$(find "$work/lost" -name 'proctor-*' -o -name '*.tmp')" ] || fail 'something half done is left'

### Somebody ends it ###

# Spins, so that it is not decided before we come, beside a child that nothing but SIGKILL would end.
cat >"$class/spins.py" <<'END'
import os, signal
for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
    signal.signal(number, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    while True:
        signal.pause()
while True:
    pass
END
cat >"$work/interrupt.py" <<'END'
import glob, json, os, pty, select, signal, subprocess, sys

proctor, folder, *submissions = sys.argv[1:]

def parents():
    found = {}
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            text = open(path).read()
        except OSError:
            continue
        found[int(path.split("/")[2])] = int(text[text.rindex(")") + 2:].split()[1])
    return found

def below(root):
    table, found = parents(), [root]
    for one in found:
        found += [pid for pid, parent in table.items() if parent == one]
    return found[1:]

def runs_both(pids):
    """The submission and its child, by the words of their command."""
    count = 0
    for pid in pids:
        try:
            words = open(f"/proc/{pid}/cmdline", "rb").read().split(b"\0")
        except OSError:
            continue
        count += words[:2] == [b"python3", b"./spins.py"]
    return count == 2

def interrupt(number, to_group, output):
    arguments = ["--output", output] if output else []
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [proctor, "grade", "tp1-threads", *submissions, "--jobs", "2", "--patience", "100s", *arguments],
        stdout=subprocess.DEVNULL, stderr=theirs, start_new_session=True,
        preexec_fn=lambda: [signal.signal(one, signal.SIG_DFL) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)])
    os.close(theirs)
    said = b""
    while b"1 of 2 graded" not in said:
        said += os.read(ours, 4096)
    while not runs_both(pids := below(process.pid)):
        assert process.poll() is None, "it has ended too early"
    places = [os.readlink(f"/proc/{pid}/cwd") for pid, parent in parents().items() if parent == process.pid]
    held = [os.pidfd_open(pid) for pid in pids]
    assert not select.select(held, [], [], 0)[0]
    (os.killpg if to_group else os.kill)(process.pid, number)
    assert process.wait() == -number, process.returncode
    ended = select.select(held, [], [], 0)[0]
    assert len(ended) == len(held) >= 4, f"{len(held) - len(ended)} of {len(held)} go on"
    try:
        while piece := os.read(ours, 4096):
            said += piece
    except OSError:  # nobody has the terminal any more
        pass
    *_, progress, last = said.decode().replace("\r\n", "\n").rstrip("\n").split("\n")
    assert progress.split("\r")[-1].startswith("1 of 2 graded"), said
    assert f"ended by {signal.Signals(number).name} with 1 of 2 graded" in last, last
    assert ("with --resume goes on" if output else "nothing stays without --output") in last, last
    for place in places:
        assert "/proctor-" in place and not os.path.exists("/".join(place.split("/")[:3])), place
    if output:
        assert os.listdir(output) == ["grades"] and os.listdir(output + "/grades") == ["done.json"]
        assert json.load(open(output + "/grades/done.json"))["verdict"] == "fail"

interrupt(signal.SIGINT, True, folder + "/int")
interrupt(signal.SIGTERM, False, folder + "/term")
interrupt(signal.SIGHUP, False, folder + "/hup")
interrupt(signal.SIGINT, True, None)

# Where it is ignored, as in the background of a script, the grading goes on to its end.
process = subprocess.Popen(
    [proctor, "grade", "tp1-threads", submissions[0]], stdout=subprocess.DEVNULL, start_new_session=True,
    preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
os.killpg(process.pid, signal.SIGINT)
assert process.wait() == 1, process.returncode
END
python3 "$work/interrupt.py" "$proctor" "$work" "$class"/* || fail 'not ended in order'
"$proctor" grade tp1-threads "$class/done.c" --output "$work/int" --resume >/dev/null 2>"$work/err" || true
grep -q '1 grades are taken over' "$work/err" || fail 'what stayed is not taken over'

end_of_test 'whatever becomes of a grading, there is a document of everybody'
