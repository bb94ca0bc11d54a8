#!/usr/bin/env bash
# Each assignment that ships, on right and wrong solutions: a right one gets all points, a wrong one
# loses those that it should, and no others. A solution stands in coursework/ASSIGNMENT/; one with a
# slash in its name, here.
#
# Usage: assignments.sh PROCTOR; of each assignment only the first right and the first wrong one
# are graded, ALL=1 takes the others too. ONLY=PATTERN takes the assignments that match it, JOBS=N as many at a
# time.
set -euo pipefail

# shellcheck disable=SC2016 # for jq
expression='[([.checks[] | select(.verdict != "pass" and .verdict != "skipped")
    | .id + if .verdict == "fail" then "" else ":" + .verdict end] | join(",") | if . == "" then "-" else . end),
    (.points | tostring), ([.checks[] | select(.verdict != "pass") | .finding] | join("; "))] | join("|")'

if [ "${1:-}" = --one ]; then # PROCTOR ASSIGNMENT SOLUTION POINTS FAILED
    path=coursework/$3/$4
    [[ $4 != */* ]] || path=$4
    found=$("$2" grade "$3" "$path" --json - 2>/dev/null | jq -r "$expression") || true
    IFS='|' read -r failed points why <<<"$found"
    points=${points%.0}
    if [ "$points" = "$5" ] && [ "$failed" = "$6" ]; then echo same; else
        echo "other $3 $4: $points points, not passed $failed, instead of $5, $6 ($why)"
    fi
    exit 0
fi
proctor=$(realpath "$1")
self=$(realpath "$0")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"
# shellcheck source=tests/commands/corpus.sh
. commands/corpus.sh
declare -A begun
while IFS=$'\t' read -r assignment solution points failed; do
    [[ $assignment == \#* || $assignment != *${ONLY:-}* ]] && continue
    can_run "$solution" || { echo "$assignment/$solution" >>"$work/left_out" && continue; }
    kind=$assignment/$([ "$failed" = - ] && echo right || echo wrong)
    [[ -n ${ALL:-} || -z ${begun[$kind]:-} ]] &&
        printf '%s %s %s %s\n' "$assignment" "$solution" "$points" "$failed"
    begun[$kind]=1
done <assignments.tsv >"$work/rows"
xargs -P "${JOBS:-4}" -L 1 "$self" --one "$proctor" <"$work/rows" >"$work/found"
not_tested_of "$work/left_out"
echo "$(wc -l <"$work/found") gradings, $(grep -vc '^same' "$work/found" || true) otherwise than expected"
while read -r line; do fail "$line"; done < <(sed -n 's/^other //p' "$work/found")
end_of_test 'all as expected'
