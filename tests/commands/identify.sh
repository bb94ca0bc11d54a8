#!/usr/bin/env bash
# `proctor identify` on every server of the corpus: the model and its description, with the hint.
#
# Usage: identify.sh PROCTOR [RUNS]; prints what was found otherwise, how often, and how long it
# took beyond the start of each.
# ONLY=PATTERN takes the servers that match it.
set -euo pipefail
proctor=$(realpath "$1")
runs=${2:-1}
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"
# shellcheck source=tests/commands/corpus.sh
. commands/corpus.sh
identified=0
different=0
by_timeout=0

# identify MODEL DETAIL COMMAND...
identify() {
    local model=$1 detail=$2 found
    shift 2
    "$proctor" identify --json "$work/identified.json" -- "$@" >"$work/out" 2>"$work/err" ||
        fail "exit $?: $* ($(cat "$work/err"))"
    found=$(jq -r '.identified as $it |
        [$it.model // "-", "\($it.detail). \($it.hint // "")", .decided_by] | @tsv' \
        "$work/identified.json")
    identified=$((identified + 1))
    echo "$(jq '.identify_ms | round' "$work/identified.json") $*" >>"$work/times"
    [[ $found == *evidence ]] || by_timeout=$((by_timeout + 1))
    [[ $found == "$model"$'\t'*"$detail"* ]] && return
    different=$((different + 1))
    fail "$*: not '$model' with '$detail' but '$found'"
    sed 's/^/    /' "$work/out" >&2
}

corpus_build "$work/built"
for ((run = 0; run < runs; run++)); do
    while IFS=$'\t' read -r server model detail _; do
        [[ $model != '?' && $server == *${ONLY:-}* ]] || continue
        corpus_command "$server" || { echo "$server" >>"$work/left_out" && continue; }
        identify "$model" "$detail" "${words[@]}"
    done < <(corpus_rows)
done
not_tested_of "$work/left_out"
sort -n "$work/times" | awk -v built="$work/built/" '
    { time[NR] = $1; sub(/^[0-9]+ /, ""); sub(built, ""); command[NR] = $0 }
    END {
        printf "after listening: median %d ms, slowest", time[int((NR + 1) / 2)]
        for (i = NR; i > 0 && i > NR - 5; i--) printf " [%s] %d ms", command[i], time[i]
        print ""
    }'
echo "$identified identified, $different otherwise than expected, $by_timeout by time-out"
end_of_test 'all as expected'
