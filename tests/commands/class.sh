#!/usr/bin/env bash
# A whole class: folders, files and archives, good, bad and hostile, several at a time; killed and
# resumed; the gradebooks of it.
#
# Usage: class.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"
# shellcheck source=tests/commands/bounded.sh
. commands/bounded.sh
bound_hostile # there is a fork bomb among them
mkdir "$work/tmp"
export TMPDIR=$work/tmp
solutions=$PWD/coursework/tp1-threads
class=$work/class
mkdir -p "$class/dora"
cp "$solutions/right.py" "$class/alice.py"
cp "$solutions/right.c" "$class/bob.c"
cp "$solutions/wrong_never_closes.py" "$class/carol.py"
cp "$solutions/wrong_never_closes.py" "$class/dora/server.py"
(cd "$work" && cp "$solutions/wrong_case_of_fin.py" server.py &&
    python3 -m zipfile -c "$class/emil.zip" server.py && tar -czf "$class/fred.tar.gz" server.py)
cp hostile/fork_bomb.py "$class/greta.py"
printf 'int main(void) { return nothing; }\n' >"$class/hugo.c"
python3 -c "
import sys, zipfile
zipfile.ZipFile(sys.argv[1], 'w').writestr('../../outside.py', 'print(1)')" "$class/ida.zip"
printf 'no program\n' >"$class/notes of
jan.txt"

marks() { jq -c '[.submissions[] | [.id, .points, .verdict, .checks]]' "$1/class.json"; }

# A run that nobody disturbs.
printf '%s\n' 'First name,Last name,Email address' 'Alice,A,alice@x.org' 'Bob,B,b@x.org' 'Greta,G,greta@x.org' \
    >"$work/participants.csv"
code=0
"$proctor" grade tp1-threads "$class"/* --jobs 4 --output "$work/whole" --format junit \
    --participants "$work/participants.csv" \
    --format moodle --format html --format text >"$work/out" || code=$?
[ "$code" -eq 1 ] || fail "exit $code, not 1"
expected='alice 20|bob 20|carol 13|dora 13|emil 18|fred 18|greta 0|hugo 0|ida 0|notes_of_jan.txt 0|'
found=$(jq -r '.submissions[] | "\(.id) \(.points)" | rtrimstr(".0")' "$work/whole/class.json" | tr '\n' '|')
[ "$found" = "$expected" ] || fail "marks: $found"
grep -q '^failed alike (stop-word-in-any-case,others-stay,states-after-fin): carol dora$' "$work/out" ||
    fail "carol and dora have not failed alike: $(cat "$work/out")"
xmllint --noout "$work/whole/junit.xml" "$work/whole/class.html" "$work/whole"/grades/*.html || fail 'not well-formed'
python3 - "$work/whole" <<'END' || fail 'not everybody in one of the two files for Moodle'
import csv, sys
marks = list(csv.reader(open(sys.argv[1] + "/grades.csv", newline="")))
rest = list(csv.reader(open(sys.argv[1] + "/not-imported.csv", newline="")))
assert [row[:2] for row in marks[1:]] == [["alice@x.org", "20"], ["greta@x.org", "0"]], marks
assert [row[0] for row in rest[1:]] == "bob carol dora emil fred hugo ida notes_of_jan.txt".split(), rest
assert rest[1][1:] == ["20", "no participant has this name"], rest
END
grep -q 'class="timeline"' "$work/whole/grades/carol.html" || fail 'no picture of what was played'
waits() { jq -r ".checks[] | select(.id == \"$1\") | .timeline[] | select(.until_ms) | .text" "$2"; }
waits others-stay "$work/whole/grades/carol.json" | grep -q '^recvfrom on bob$' ||
    fail 'not seen that the thread of bob waits for him'
waits others-stay "$work/whole/grades/carol.json" | grep -q '^accept4 on the listener$' ||
    fail 'not seen that the main thread accepts'
grep -q 'class="box on-client"' "$work/whole/grades/carol.html" || fail 'no picture of what waited where'
grep -q 'cannot be built' "$work/whole"/grades/hugo.* || fail 'hugo: not told'
[ ! -e "$work/outside.py" ] && [ ! -e "$work/whole/outside.py" ] || fail 'ida has written outside'

# One that is killed when three have their marks, and goes on.
"$proctor" grade tp1-threads "$class"/* --jobs 2 --output "$work/killed" >/dev/null 2>&1 &
pid=$!
until [ "$(find "$work/killed/grades" -name '*.json' 2>/dev/null | wc -l)" -ge 3 ]; do
    kill -0 "$pid" 2>/dev/null || break
done
kill -KILL "$pid" 2>/dev/null || true
wait "$pid" 2>/dev/null || true
# Its workers hold their folders' locks until they have noticed, and then these are removed by the next.
pidwait -f -- "--output $work/killed" || true
stamp=$(jq -r .time "$work/killed/grades/alice.json")
"$proctor" grade tp1-threads "$class"/* --jobs 2 --output "$work/killed" --resume >/dev/null || true
[ "$(marks "$work/killed")" = "$(marks "$work/whole")" ] || fail "killed and resumed, other marks: $(diff <(marks "$work/killed" | jq .) <(marks "$work/whole" | jq .))"
[ "$(jq -r .time "$work/killed/grades/alice.json")" = "$stamp" ] || fail 'alice was graded twice'
[ -z "$(ls "$TMPDIR")" ] || fail "left: $(ls "$TMPDIR")"
# What is not ours stays, whatever it is called.
mkdir -p "$work/theirs/scratch-1" "$work/theirs/grades"
touch "$work/theirs/scratch-1/file" "$work/theirs/grades/"{zoe.json.1.tmp,alice.json.old.tmp,alice.json.1.tmp}
"$proctor" grade tp1-threads "$class/alice.py" --output "$work/theirs" >/dev/null
[ "$(cd "$work/theirs" && find . -type f ! -name alice.json ! -name class.json | sort | tr '\n' ' ')" = \
    './grades/alice.json.old.tmp ./grades/zoe.json.1.tmp ./scratch-1/file ' ] ||
    fail "of what is theirs there is left: $(find "$work/theirs")"

# What is taken over is of the same files, whenever they were written, and of the same assignment.
few=$work/few
mkdir "$few"
cp "$class/hugo.c" "$class/ida.zip" "$class/notes of
jan.txt" "$few"
cp ../assignments/tp1-threads.yaml "$work/own.yaml"
# resume TAKEN AGAIN WHAT: so many are taken over, and so many graded again.
resume() {
    "$proctor" grade "$work/own.yaml" "$few"/* --output "$work/few.out" --resume >/dev/null 2>"$work/err" || true
    grep -q "grade: $1 grades reused, $2 regraded" "$work/err" || fail "$3: $(cat "$work/err")"
}
resume 0 0 'at first'
resume 3 0 'unchanged'
touch -d '2001-01-01' "$few"/*
resume 3 0 'of another time'
printf 'int main(void) { return something; }\n' >"$few/hugo.c"
resume 2 1 'with another program'
grep -q something "$work/few.out/grades/hugo.json" || fail 'the other program was not built'
resume 3 0 'after that'
python3 -c "
import sys, zipfile
zipfile.ZipFile(sys.argv[1], 'w').writestr('../../outside.py', 'print(2)')" "$few/ida.zip"
resume 2 1 'with another archive that is refused'
printf '# a word more\n' >>"$work/own.yaml"
resume 0 3 'with another assignment'
for digest in .assignment_sha256 .submission.sha256; do
    jq -e "$digest | test(\"^[0-9a-f]{64}\$\")" "$work/few.out/grades/hugo.json" >/dev/null || fail "no $digest"
done
[ "$(jq -r .assignment_sha256 "$work/few.out/grades/hugo.json")" = "$(sha256sum <"$work/own.yaml" | cut -d' ' -f1)" ] ||
    fail 'the digest of the assignment is not what sha256sum has'

# One check of one of them once more: with the words of the class run, its evidence, its verdict.
again() { "$proctor" grade tp1-threads "$class"/* --output "$work/whole" --replay "$@"; }
words() { jq -r ".checks[] | select(.id == \"$1\") | .timeline[] | .text" "$2" | grep -o 'proctor-[0-9a-f]*'; }
expect 1 'others-stay: fail, as recorded in .*/whole/grades/carol.json' again carol others-stay
while read -r row; do
    grep -qF -- "${row//[0-9]*/}" "$work/out" || fail "replay: no row such as '$row'"
done < <(jq -r '.checks[] | select(.id == "others-stay") | .evidence[].text' "$work/whole/grades/carol.json")
expect 0 'serves-one-client: pass, as recorded' again carol serves-one-client --json "$work/again.json"
[ -n "$(words serves-one-client "$work/again.json")" ] || fail 'replay: no words at all'
[ "$(words serves-one-client "$work/again.json")" = "$(words serves-one-client "$work/whole/grades/carol.json")" ] ||
    fail 'replay: other words than in the class run'
[ "$(words serves-one-client "$work/again.json")" != "$(words serves-one-client "$work/whole/grades/dora.json")" ] ||
    fail 'replay: everybody hears the same words'
expect 1 'builds: fail, as recorded' again hugo builds
expect 0 'is-handed-in: pass, as recorded' again hugo is-handed-in
expect 1 'others-stay: skipped, as recorded' again hugo others-stay
jq '(.checks[] | select(.id == "others-stay") | .verdict) = "pass"' "$work/whole/grades/carol.json" >"$work/changed.json"
mkdir -p "$work/changed/grades" && cp "$work/changed.json" "$work/changed/grades/carol.json"
expect 1 'fail; but .* records: pass' "$proctor" grade tp1-threads "$class"/* \
    --output "$work/changed" --replay carol others-stay
expect 1 'use --output DIR to compare' "$proctor" grade tp1-threads "$class"/* --replay carol others-stay
expect 2 "unknown submission 'carl'; did you mean 'carol'" again carl others-stay
expect 2 "unknown check 'other-stay'; did you mean 'others-stay'" again carol other-stay
expect 2 "'carol' lacks its check; use --replay ID CHECK" again carol
grep -q 'replay carol others-stay<' "$work/whole/grades/carol.html" || fail 'the page does not say how to replay'

# In other languages; alone; with its command.
expect 1 'Chaque|chaque message|Serveur|serveur' "$proctor" grade tp1-threads "$class/carol.py" --language fr
expect 0 'Server mit einem Thread' "$proctor" grade tp1-threads "$class/alice.py" --language de
expect 0 '20 of 20 points' "$proctor" grade tp1-threads -- python3 "$solutions/right.py"
expect 0 'as required' "$proctor" grade --check tp1-threads "$solutions/right.py"
expect 1 'must get all of them' "$proctor" grade --check tp1-threads "$class/carol.py"
expect 1 "name-in-use: 1 of 3 points not reached: the answer is wrong" "$proctor" grade --check \
    chat-nicknames coursework/chat-nicknames/wrong_keeps_names.py
grep -qF 'c got 7 bytes: "IN-USE\n"' "$work/out" || fail 'a trial does not show what came'
expect 2 "did you mean 'tp1-threads'" "$proctor" grade tp1-thread "$class/carol.py"
expect 2 'No such file' "$proctor" grade tp1-threads "$class/nobody.py"
expect 2 "unknown gradebook 'junt'" "$proctor" grade tp1-threads "$class/carol.py" --format junt
expect 2 'is no table of comma-separated values' "$proctor" grade tp1-threads "$class/carol.py" --participants "$class/carol.py"
expect 2 'missing SUBMISSION' "$proctor" grade tp1-threads
expect 2 '--model is for checks only' "$proctor" grade tp1-threads "$class/carol.py" --model thread
expect 2 '--jobs is for an assignment only' "$proctor" grade checks --jobs 2 -- true
expect 2 'cannot grade submissions and a command at once' "$proctor" grade tp1-threads "$class/carol.py" -- true
expect 2 '--resume: missing --output DIR' "$proctor" grade tp1-threads "$class/carol.py" --resume
end_of_test 'everybody has the marks that they should'
