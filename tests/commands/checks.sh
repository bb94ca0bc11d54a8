#!/usr/bin/env bash
# All checks on every server of the corpus, the one of its model among them: what fails must be what
# the table says, and nothing else, and the hint must fit.
#
# Usage: checks.sh PROCTOR [RUNS]; prints gradings done, those that came out otherwise, and the
# checks decided by evidence and by time-out. ONLY=PATTERN takes the servers that match it.
# many-clients takes as long as all other checks together: a wrong server that it does not concern is
# spared it, but with ALL=1, and so is a right one with a thread per client that differs from others
# in how it starts, prints or ends.
set -euo pipefail

# What one grading has found: "same|other EVIDENCE TIMEOUT", and what it was.
read -r -d '' compare <<'JQ' || true
    [.checks[] | select(.verdict == "fail" or .verdict == "inconclusive")] as $bad
    | ($bad | map(.id + if .verdict == "fail" then "" else ":inconclusive" end) | join(",")) as $found
    | ([.checks[] | select(.verdict != "skipped")]) as $played
    | ([$played[] | select(.decided_by == "clock") | .id]) as $late
    | (($found == ($fails | sub("^-$"; ""))) and
       ($hint == "" or any($bad[]; (.hint // "") | contains($hint)))) as $same
    | [(if $same then "same" else "other" end), ($played | length) - ($late | length),
       ($late | length), $server, "fails", $found, "not", $fails, "with", $hint,
       "by time-out:", ($late | join(","))] | map(tostring) | join(" ")
JQ

# shellcheck source=tests/commands/corpus.sh
if [ "${1:-}" = --one ]; then # PROCTOR BUILT ROW
    proctor=$2 corpus_built=$3
    . commands/corpus.sh
    IFS='|' read -r server model _ fails options hint < <(corpus_rows | sed -n "${4}p" | tr '\t' '|')
    corpus_command "$server"
    read -ra options <<<"$options"
    [[ $model == [?-] ]] || options+=(--model "$model")
    spared=
    case $server in
    wrong/*) spared=yes ;;
    right/thread.c | right/threads* | right/Threads.java | right/two_acceptors.py) ;;
    right/accepts_in_batches.py | right/socketserver_threading.py) ;;
    right/heartbeat.py | right/ticks.c | right/talkative.c | right/logs_megabytes.py) ;;
    right/*) [[ $model != thread ]] || spared=yes ;;
    esac
    if [[ -z ${ALL:-} && $spared && $fails != *many-clients* && ${options[*]} != *--only* ]]; then
        [[ ${options[*]} != *--model* ]] || CHEAP_CHECKS+=,is-model
        [[ ${options[*]} != *--stop-word* ]] || CHEAP_CHECKS+=,stop-word-ends-session
        [[ ${options[*]} != *--ends-when* ]] || CHEAP_CHECKS+=,ends-when
        options+=("--only=$CHEAP_CHECKS")
    fi
    { "$proctor" grade checks "${options[@]}" --json - -- "${words[@]}" 2>/dev/null || true; } |
        jq -r --arg server "$server" --arg fails "$fails" --arg hint "$hint" "$compare" ||
        echo "other 0 0 $server: no document"
    exit 0
fi
proctor=$(realpath "$1")
runs=${2:-1}
self=$(realpath "$0")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"
# shellcheck source=tests/commands/corpus.sh
. commands/corpus.sh
corpus_build "$work/built"

CHEAP_CHECKS=$({ "$proctor" grade checks --json - -- false 2>/dev/null || true; } |
    jq -r '[.checks[].id] - ["many-clients"] | join(",")')
export CHEAP_CHECKS

row=0
while IFS=$'\t' read -r server _ _ fails _; do
    row=$((row + 1))
    [[ $fails != '?' && $server == *${ONLY:-}* ]] || continue
    if corpus_command "$server"; then echo "$row"; else echo "$server" >&3; fi
done < <(corpus_rows) >"$work/rows" 3>"$work/left_out"
not_tested_of "$work/left_out"
for ((run = 0; run < runs; run++)); do cat "$work/rows"; done |
    xargs -r -P "${JOBS:-4}" -L 1 "$self" --one "$proctor" "$work/built" >"$work/found"

awk '{ gradings++; other += $1 == "other"; evidence += $2; timeout += $3 }
    END { printf "%d gradings, %d otherwise than expected; %d checks decided by evidence, %d by time-out\n",
          gradings, other, evidence, timeout }' "$work/found"
sed -n 's/^[a-z]* [0-9]* [1-9][0-9]* /by time-out, in part: /p' "$work/found"
while read -r line; do fail "$line"; done < <(sed -n 's/^other [0-9]* [0-9]* //p' "$work/found")
end_of_test 'all as expected'
