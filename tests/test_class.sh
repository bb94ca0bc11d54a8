#!/usr/bin/env bash
# A whole class: folders, files and archives, good, bad and hostile, several at a time; killed and
# resumed; the gradebooks of it.
#
# Usage: test_class.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
# shellcheck source=tests/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"
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
code=0
"$proctor" grade tp1-threads "$class"/* --jobs 4 --output "$work/whole" --format junit \
    --format moodle --format html --format text >"$work/out" || code=$?
[ "$code" -eq 1 ] || fail "exit $code, not 1"
expected='alice 20|bob 20|carol 13|dora 13|emil 18|fred 18|greta 0|hugo 0|ida 0|notes_of_jan.txt 0|'
found=$(jq -r '.submissions[] | "\(.id) \(.points)" | rtrimstr(".0")' "$work/whole/class.json" | tr '\n' '|')
[ "$found" = "$expected" ] || fail "marks: $found"
grep -q '^failed alike (stop-word-in-any-case,others-stay,states-after-fin): carol dora$' "$work/out" ||
    fail "carol and dora have not failed alike: $(cat "$work/out")"
xmllint --noout "$work/whole/junit.xml" "$work/whole/class.html" "$work/whole"/grades/*.html || fail 'not well-formed'
[ "$(python3 -c 'import csv, sys; print(len(list(csv.reader(open(sys.argv[1])))))' "$work/whole/grades.csv")" = 11 ] ||
    fail 'not eleven lines for Moodle'
grep -q 'class="timeline"' "$work/whole/grades/carol.html" || fail 'no picture of what was played'
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
stamp=$(jq -r .time "$work/killed/grades/alice.json")
"$proctor" grade tp1-threads "$class"/* --jobs 2 --output "$work/killed" --resume >/dev/null || true
[ "$(marks "$work/killed")" = "$(marks "$work/whole")" ] || fail "killed and resumed, other marks: $(diff <(marks "$work/killed" | jq .) <(marks "$work/whole" | jq .))"
[ "$(jq -r .time "$work/killed/grades/alice.json")" = "$stamp" ] || fail 'alice was graded twice'
[ -z "$(find "$work/killed" "$work/whole" -maxdepth 1 -name 'scratch*')" ] || fail 'a copy is left'

# In other languages; alone; with its command.
expect 1 'Chaque|chaque message|Serveur|serveur' "$proctor" grade tp1-threads "$class/carol.py" --language fr
expect 0 'Server mit einem Thread' "$proctor" grade tp1-threads "$class/alice.py" --language de
expect 0 '20 of 20 points' "$proctor" grade tp1-threads -- python3 "$solutions/right.py"
expect 0 'as it must be' "$proctor" grade --check tp1-threads "$solutions/right.py"
expect 1 'must get them all' "$proctor" grade --check tp1-threads "$class/carol.py"
expect 2 "did you mean 'tp1-threads'" "$proctor" grade tp1-thread "$class/carol.py"
expect 2 'No such file' "$proctor" grade tp1-threads "$class/nobody.py"
expect 2 "no gradebook 'junt'" "$proctor" grade tp1-threads "$class/carol.py" --format junt
expect 2 'which submission' "$proctor" grade tp1-threads
end_of_test 'everybody has the marks that they should'
