#!/usr/bin/env bash
# Assignments that are wrong: each file in assignments-refused/ ends a grading before anything is run,
# with one sentence that names the file and the line of the trouble, and the word that was meant where
# one was mistyped. The first line of a file is "# LINE: SENTENCE"; where a library says the end of it,
# the beginning. Assignments that are right are read.
#
# Usage: assignment_files.sh PROCTOR     (GOLDEN_UPDATE=1 writes first lines that differ anew)
set -euo pipefail
proctor=$(realpath "$1")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"
shopt -s lastpipe # a file comes through a pipe, and failures are counted here
cases=0

# refused FILE PLACE TEXT: a grading by FILE runs nothing; its sentence begins with PLACE and holds TEXT.
refused() {
    local file=$1 got=0
    cases=$((cases + 1))
    timeout 10 "$proctor" grade "$file" -- touch "$work/ran" >"$work/out" 2>"$work/err" </dev/null ||
        got=$?
    [ "$got" -eq 2 ] || fail "$file: exit $got, not 2"
    [ ! -s "$work/out" ] && [ ! -e "$work/ran" ] || fail "$file: something was run or printed"
    [ "$(wc -l <"$work/err")" -eq 1 ] || fail "$file: not one line: $(cat "$work/err")"
    [[ $(cat "$work/err") == "proctor: grade: $file:$2"*"$3"* ]] ||
        fail "$file: not '$2 … $3' but: $(cat "$work/err")"
}

for file in assignments-refused/*.yaml; do
    IFS=' ' read -r _ line text <"$file"
    before=$failures
    refused "$file" "$line " "$text"
    if [ -n "${GOLDEN_UPDATE:-}" ] && [ "$failures" -gt "$before" ]; then
        { sed "s|^proctor: grade: $file:|# |" "$work/err" && tail -n +2 "$file"; } >"$work/new"
        cp "$work/new" "$file"
    fi
done

# Those that are too long, or nothing.
made() { cat >"$work/made.yaml" && refused "$work/made.yaml" "$1: " "$2"; }
{
    printf '%s\n' 'title: {en: x}' 'entry: [a]' 'points: 0' 'checks:' '  - check: alice' \
        '    title: {en: x}' '    steps:'
    printf '      - {do: settle}\n%.0s' {1..501}
} | made 8 "'steps' has 501 entries; it may have at most 500"
made 1 'the file is empty' </dev/null
head -c 200000 /dev/zero | tr '\0' '[' | made 1 'too deeply nested'
printf -- '- {a: b}%.0s\n' {1..90000} | made 1 "must be a mapping, not a list"
head -c 2000000 /dev/zero | tr '\0' '#' >"$work/long.yaml"
refused "$work/long.yaml" '' 'too long for an assignment'
mkdir "$work/folder.yaml"
refused "$work/folder.yaml" '' 'Is a directory'
refused "$work/absent.yaml" '' 'No such file'
[ "$cases" -ge 180 ] || fail "only $cases wrong assignments found"
expect 2 "unknown assignment 'tp1-treads'; did you mean 'tp1-threads'\\?" \
    "$proctor" grade tp1-treads -- true
expect 2 "unknown assignment 'blockchain' \\(see 'proctor list assignments'\\)" \
    "$proctor" grade blockchain -- true

# Those that ship, and each whole assignment in the documentation, are right: `true` is graded by them,
# and fails.
awk -v folder="$work" '/^```yaml/ {number++; inside = 1; next} /^```/ {inside = 0}
    inside {print > (folder "/example-" number ".yaml")}' ../docs/assignments.md
right=0
for file in ../assignments/*.yaml "$work"/example-*.yaml; do
    grep -q '^title:' "$file" || continue
    expect 1 'of [0-9]+ points' "$proctor" grade "$file" -- true
    right=$((right + 1))
done
[ "$right" -ge 6 ] || fail "only $right assignments found"

echo "$cases files refused, $right taken"
end_of_test 'all as expected'
