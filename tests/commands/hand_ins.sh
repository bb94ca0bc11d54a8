#!/usr/bin/env bash
# Hand-ins as they come, built and run as they say: what is made of them, what the pages say of
# that, and what ended a build or a program.
#
# Usage: hand_ins.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"

# assignment NAME LINE...: an assignment with these lines, and a point for being served.
assignment() {
    local name=$1
    shift
    printf '%s\n' 'title: {en: An echo server}' 'port: 9500' 'protocol: {kind: echo}' 'points: 1' \
        'checks: [{check: serves-one-client, points: 1}]' "$@" >"$work/$name.yaml"
}

### Packed by others

server=submissions/threaded_echo.py
class=$work/class
moodle="$class/Ann Lee_4711_assignsubmission_file"
mkdir -p "$moodle" "$class/sev" "$class/gil/tp1" "$work/zoe/env/bin" "$class/it's \"é\""
(cd "$work" && mkdir tp1 && cp "$OLDPWD/$server" tp1/server.py && python3 -m zipfile -c "$moodle/tp1.zip" tp1)
cp $server "$work/zoe/server.py"
touch "$work/zoe/env/pyvenv.cfg" "$work/zoe/._server.py"
ln -s /usr/bin/python3 "$work/zoe/env/bin/python"
tar -C "$work" -czf "$class/zoe.tar.gz" zoe
cp $server "$class/gil/tp1/server.py"
cp $server "$class/sev/right.py"
cp $server "$class/sev/wrong.py"
cp $server "$class/it's \"é\"/$(printf 'serv\xe9 1.py')"
python3 - "$class/win.zip" <<'END' # as Windows makes it: no bits to execute
import sys, zipfile
zipfile.ZipFile(sys.argv[1], "w").writestr(zipfile.ZipInfo("start"), "#!/bin/sh\nexec python3 server.py\n")
zipfile.ZipFile(sys.argv[1], "a").write("submissions/threaded_echo.py", "server.py")
END
assignment taken 'entry: [start, server.py, "servé*.py", "*.py"]'
expect 1 'sev: it cannot be taken in: several files match' "$proctor" grade "$work/taken.yaml" "$class"/* \
    --output "$work/taken" --format html --format text --format moodle
found=$(jq -r '.submissions[] | "\(.id) \(.points)" | rtrimstr(".0")' "$work/taken/class.json" | tr '\n' '|')
[ "$found" = "Ann_Lee_4711_assignsubmission_file 1|gil 1|it_s____ 1|sev 0|win 1|zoe 1|" ] || fail "marks: $found"
jq -e '.submissions[3].not_run.check == "is-handed-in" and .failed_by_all == []' "$work/taken/class.json" \
    >/dev/null || fail 'sev counts as tried'

# says ID TEXT...: the page of the class and that of the submission say so.
says() {
    local id=$1 text
    shift
    for text in "$@"; do
        grep -qF "$text" "$work/taken/grades/$id.html" || fail "page of $id: not '$text'"
        grep -qF "$id: $text" "$work/taken/class.html" || fail "page of the class: not '$id: $text'"
    done
}
says Ann_Lee_4711_assignsubmission_file "the archive &#39;tp1.zip&#39; was unpacked" "the folder &#39;tp1&#39; was entered"
says gil "the folder &#39;tp1&#39; was entered"
says zoe 'left out, as tools make it: env' 'left out, as the operating system adds it: zoe/._server.py'
grep -qF "sev: it cannot be taken in: several files match &#39;*.py&#39;: right.py, wrong.py; name the program" \
    "$work/taken/class.html" || fail 'the page of the class does not say what is wrong with sev'
grep -q '0 of 1 points (fail); nothing was run, as the hand-in is at fault' "$work/taken/grades/sev.text.txt" ||
    fail "sev: $(cat "$work/taken/grades/sev.text.txt")"
! grep -q 'win: ' "$work/taken/class.html" || fail 'something is said of win'

### Built, and ended

mkdir "$work/build"
cp $server "$work/build/server.py"
# ended KEY VALUE BUILD TEXT: the build is ended by this limit.
ended() {
    assignment limit 'entry: [server.py]' 'run: python3 {entry}' "limits: {$1: $2}" "build: $3"
    expect 1 "it cannot be built" "$proctor" grade "$work/limit.yaml" "$work/build"
    grep -qF -- "- the build was ended by a limit: $4 ($1: $2)" "$work/out" || fail "$1: $(cat "$work/out")"
}
ended cpu-s 1 "'while :; do :; done'" 'used up its processor time'
ended wall-s 1 'sleep 1000' 'ran longer than allowed'
ended output-mb 1 'yes' 'printed too much'
ended memory-mb 50 "python3 -c 'x = b\"1\" * (400 << 20)'" 'used up its memory'
assignment waits 'entry: [server.py]' 'run: python3 {entry}' 'build: echo your name?; cat'
expect 1 'the build waits for something that does not come' "$proctor" grade "$work/waits.yaml" "$work/build"
grep -qE 'task [0-9]+ \(cat\) sleeps in read' "$work/out" || fail "waits: $(cat "$work/out")"
grep -q 'its output: your name?' "$work/out" || fail 'not said what it asks'
assignment exits 'entry: [server.py]' 'run: python3 {entry}' 'build: echo no such target; exit 3'
expect 1 'the build ended with exit code 3' "$proctor" grade "$work/exits.yaml" "$work/build"
# Whatever the patience for clients.
assignment patient 'entry: [server.py]' 'run: python3 {entry}' 'build: python3 -c pass'
"$proctor" grade --patience 1ms "$work/patient.yaml" "$work/build" --json "$work/patient.json" >/dev/null || true
jq -e '.checks[0].id != "builds"' "$work/patient.json" >/dev/null || fail 'the patience has ended a build'
# A compiler has more room than a program.
assignment room 'entry: [server.py]' 'run: python3 {entry}' \
    'build: head -c 40M /dev/zero >/tmp/1 && head -c 40M /dev/zero >/tmp/2'
expect 0 '1 of 1 points' "$proctor" grade "$work/room.yaml" "$work/build"

# The same of what it runs, one process or several.
printf '%s\n' 'import os, sys' 'sys.argv[1:] and os.fork()' 'while True: pass' >"$work/build/burns.py"
for run in 'python3 burns.py' 'python3 burns.py twice'; do
    assignment burns 'entry: [server.py]' "run: $run" 'limits: {cpu-s: 1}'
    expect 1 'the submission was ended by a limit: used up its processor time \(cpu-s: 1\)' \
        "$proctor" grade "$work/burns.yaml" "$work/build"
done

### Names that lead about

mkdir -p "$work/a/b" "$work/a/c"
cp $server "$work/a/c/server.py"
for path in "$work/a/b/../c/server.py" "$work/a/c/../b/../c/./server.py"; do
    expect 0 'pass +the server starts and listens' "$proctor" grade checks --only starts-and-listens -- python3 "$path"
done

end_of_test 'hand-ins as they should be'
