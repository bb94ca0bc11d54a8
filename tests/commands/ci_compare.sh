#!/usr/bin/env bash
# scripts/ci-compare and action.yml, without GitHub: a stand-in for proctor writes a stored document
# where `compare` would measure one, and is proctor for all else.
#
# Usage: ci_compare.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"
work=${work:?}
tree=$(realpath ..)
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY

cat >"$work/stand-in" <<'STANDIN'
#!/usr/bin/env bash
if [ "$1" != compare ]; then
    exec "$REAL_PROCTOR" "$@"
fi
printf '%s\n' "$@" >"$WORDS"
echo "::error::a line of a server"
while [ $# -gt 1 ]; do
    if [ "$1" = --json ] && [ -n "$DOCUMENT" ]; then
        cp "$DOCUMENT" "$2"
    fi
    shift
done
exit "$CODE"
STANDIN
chmod +x "$work/stand-in"
export REAL_PROCTOR=$proctor WORDS=$work/words DOCUMENT CODE

# run CODE NAME OPTION...: compares to the document of this name and ends with CODE as compare does;
# the folder is $work/made.
run() {
    local want=$1 got=0
    CODE=$1 DOCUMENT=${2:+$PWD/documents/$2.json}
    shift 2
    PROCTOR=$work/stand-in "$tree/scripts/ci-compare" --base './old {port}' --new './new {port}' \
        --output "$work/made" "$@" >"$work/out" 2>"$work/err" || got=$?
    [ "$got" -eq "$want" ] || fail "exit $got, not $want: $* ($(tail -n 2 "$work/err"))"
}

### What it asks compare for ###

run 0 compare_same --budget 30s --must-catch 3% --strict -- --clients 8
[ "$(paste -sd '|' "$WORDS")" = "compare|./old {port}|./new {port}|--strict|--clients|8|--budget|30s|--must-catch|3%|--explain|--json|$work/made/compare.json" ] ||
    fail "asks for $(paste -sd ' ' "$WORDS")"
run 0 compare_same
! grep -q -- --budget "$WORDS" || fail "a budget that nobody asked for"

### What it leaves ###

for name in compare_same compare_worse compare_inconclusive compare_trouble; do
    code=0
    case $name in
    compare_worse | compare_trouble) code=1 ;;
    compare_inconclusive) code=4 ;;
    esac
    run "$code" "$name"
    cmp "documents/$name.json" "$work/made/compare.json" || fail "$name: another document"
    cmp "golden/exports/$name.markdown" "$work/made/summary.md" || fail "$name: summary"
    xmllint --noout "$work/made/junit.xml" || fail "$name: JUnit"
done
run 1 compare_worse
[ "$(grep -c '^::' "$work/out")" -eq 1 ] || fail "annotates where nobody reads them"

### On GitHub ###

export GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=$work/summary
echo "# before" >"$work/summary"
run 1 compare_worse
head -n 1 "$work/summary" | grep -q '^# before$' || fail "the summary of others is gone"
tail -n +2 "$work/summary" | cmp - golden/exports/compare_worse.markdown || fail "summary"
# What servers print stands between the two, all of ours behind.
token=$(sed -n 's/^::stop-commands:://p' "$work/out")
[ "${#token}" -eq 32 ] || fail "no token: $token"
sed "1,/^::$token::\$/d" "$work/out" >"$work/behind"
cmp "$work/behind" golden/exports/compare_worse.github || fail "annotations"
grep -q 'a line of a server' "$work/out" || fail "the log of compare is gone"
! grep -q 'a line of a server' "$work/behind" || fail "a server gives commands"
run 0 compare_same
[ "$(sed -n 's/^::stop-commands:://p' "$work/out")" != "$token" ] || fail "a token comes twice"

rm "$work/summary"
run 4 compare_inconclusive --no-summary
[ ! -e "$work/summary" ] || fail "a summary that was not wanted"
grep -q '^::warning title=throughput::.* 6.6 %25 is excluded' "$work/out" || fail "warning"

### Where compare fails ###

run 3 ""
grep -q '^::error title=proctor compare::nothing was measured (exit code 3)' "$work/out" ||
    fail "no document, and nobody says so"
[ ! -e "$work/made/summary.md" ] || fail "the summary of another run stays"
run 2 ""
CODE=0 DOCUMENT=
expect 3 'has written no document' env PROCTOR="$work/stand-in" "$tree/scripts/ci-compare" \
    --base a --new b --output "$work/made"
echo '{"schema": "proctor.run/1"}' >"$work/broken.json"
DOCUMENT=$work/broken.json
expect 2 'time: is missing' env PROCTOR="$work/stand-in" "$tree/scripts/ci-compare" \
    --base a --new b --output "$work/made"

expect 2 'base is missing' "$tree/scripts/ci-compare" --new x
expect 2 'new is missing' "$tree/scripts/ci-compare" --base x
expect 2 'wants a value' "$tree/scripts/ci-compare" --base
expect 2 'is no option' "$tree/scripts/ci-compare" --fast

### The action ###

# Its scripts, with the inputs as GitHub would set them; no expression stands in a script.
/usr/bin/python3 - "$tree/action.yml" "$work" <<'READ' || fail "action.yml"
import sys, yaml
action = yaml.safe_load(open(sys.argv[1]))
steps = action["runs"]["steps"]
assert action["runs"]["using"] == "composite" and all(s["shell"] == "bash" for s in steps)
assert all("${{" not in step["run"] for step in steps)
assert set(action["inputs"]) >= {"base", "new", "budget", "must-catch", "summary"}
for number, step in enumerate(steps):
    for value in step.get("env", {}).values():
        name = value.removeprefix("${{ inputs.").removesuffix(" }}")
        assert name in action["inputs"], value
    with open(f"{sys.argv[2]}/step{number}", "w") as file:
        file.write(step["run"] + "\n")
READ
shellcheck --shell=bash "$work"/step? || fail "shellcheck of action.yml"
CODE=1 DOCUMENT=$PWD/documents/compare_worse.json
expect 1 '::error title=throughput::' env GITHUB_ACTION_PATH="$tree" PROCTOR="$work/stand-in" \
    BASE='./o" $(touch x); {port}' NEW='./n {port}' BUDGET=5s MUST_CATCH=5% STRICT=true \
    SUMMARY=false COMPARE_OPTIONS='--protocol http' OUTPUT="$work/acted" bash --noprofile --norc -eo pipefail "$work/step2"
[ "$(sed -n 2p "$WORDS")" = './o" $(touch x); {port}' ] || fail "the base was read by a shell"
grep -qx -- --strict "$WORDS" || fail "strict"
grep -A1 -x -- --protocol "$WORDS" | grep -qx http || fail "more options"
[ -s "$work/acted/junit.xml" ] || fail "no JUnit file where the action was told"

end_of_test "a comparison in CI is told to all who read there"
