#!/usr/bin/env bash
# All checks on every server of the corpus: what fails must be what the table says, and nothing else.
#
# Usage: test_checks.sh PROCTOR [RUNS]; prints gradings done, those that came out otherwise, and the
# checks decided by evidence and by time-out.
set -euo pipefail
if [ "${1:-}" = --one ]; then # PROCTOR FAILS COMMAND...: a line "same|other EVIDENCE TIMEOUT …"
    shift
    proctor=$1 expected=$2
    shift 2
    { "$proctor" grade checks --json - -- "$@" 2>/dev/null || true; } | jq -r --arg expected "$expected" \
        --arg command "$*" '
        ([.checks[] | select(.verdict == "fail" or .verdict == "inconclusive") | .id] | join(",")) as $found
        | ([.checks[] | select(.verdict != "skipped") | .decided_by]) as $by
        | [(if ($expected == "-" and $found == "") or $found == $expected then "same" else "other" end),
           ($by | map(select(. == "evidence")) | length), ($by | map(select(. == "timeout")) | length),
           $command, "fails", $found, "not", $expected,
           "by time-out:", ([.checks[] | select(.decided_by == "timeout") | .id] | join(","))] | join(" ")' ||
        echo "other 0 0 $*: no document"
    exit 0
fi
proctor=$(realpath "$1")
runs=${2:-1}
self=$(realpath "$0")
# shellcheck source=tests/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"

# A line for each server: what must fail, and the command, in words for xargs.
io_uring=$("$proctor" list models | grep '^io_uring')
while IFS=$'\t' read -r server _ _ fails; do
    [[ $server != '#'* && $fails != '?' ]] || continue
    case $server in
    'serve io_uring') [[ $io_uring == *not* ]] || echo "$fails $proctor serve io_uring" ;;
    serve*) echo "$fails $proctor $server" ;;
    *) echo "$fails python3 $server" ;;
    esac
done <corpus.tsv >"$work/servers"
for ((run = 0; run < runs; run++)); do cat "$work/servers"; done |
    xargs -P "${JOBS:-4}" -L 1 "$self" --one "$proctor" >"$work/found"

awk '{ gradings++; other += $1 == "other"; evidence += $2; timeout += $3 }
    END { printf "%d gradings, %d otherwise than expected; %d checks decided by evidence, %d by time-out\n",
          gradings, other, evidence, timeout }' "$work/found"
sed -n 's/^[a-z]* [0-9]* [1-9][0-9]* /by time-out, in part: /p' "$work/found"
while read -r line; do fail "$line"; done < <(sed -n 's/^other [0-9]* [0-9]* //p' "$work/found")
end_of_test 'all as expected'
