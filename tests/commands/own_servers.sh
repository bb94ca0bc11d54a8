#!/usr/bin/env bash
# Our own servers, graded like anybody's: every model with every protocol and each way of saying what
# a message is (own_servers.tsv). All is passed but what the model does not do; and the model is the
# one that was asked for. What the course asks for gets full marks from its assignment.
#
# Usage: own_servers.sh PROCTOR; ALL=1 plays every check, not only those that depend on messages.
# ONLY=PATTERN takes the models that match it, JOBS=N as many at a time.
set -euo pipefail

few=(split-message merged-messages second-client-served is-model)
all=(serves-one-client every-client-in-turn no-close-wait split-message merged-messages
    second-client-served clients-do-not-mix half-silent-client-stalls-nobody half-close-answered
    reset-survived queued-client-reset-survived nothing-left-behind no-spinning is-model
    restart-at-once ends-on-SIGTERM)

# What one client keeps from the others, by model.
declare -A not_done=(
    [sequential]="second-client-served,clients-do-not-mix,half-silent-client-stalls-nobody"
    [prefork]="clients-do-not-mix" [pool]="clients-do-not-mix")

# Prints the checks of this pair as a list of YAML.
checks_of() { # MODEL, CHECKS THAT CANNOT BE PLAYED
    local check chosen=("${few[@]}")
    [ -z "${ALL:-}" ] || chosen=("${all[@]}")
    for check in "${chosen[@]}"; do
        [[ ,$2,${not_done[$1]:-}, == *,$check,* ]] || printf '  - {check: %s, points: 1}\n' "$check"
    done
}

# Grades `serve MODEL --workers 4 WORDS...`: what is not passed, and what was complained of.
grade() { # ASSIGNMENT, MODEL, WORDS...
    "$proctor" grade "$1" --json "$graded" -- "$proctor" serve "$2" --workers 4 "${@:3}" \
        2>"$graded.err" >/dev/null || true
    cat "$graded.err"
    [ -s "$graded" ] || echo "no document"
    jq -r '.checks[] | select(.verdict != "pass") | "\(.id) \(.verdict): \(.finding)"' "$graded" |
        head -n 3
}

if [ "${1:-}" = --one ]; then # PROCTOR FOLDER MODEL ROW
    proctor=$2 model=$4 graded=$3/$4-$5.json assignment=$3/$4-$5.yaml
    IFS='|' read -r options protocol without < <(sed -n "${5}p" own_servers.tsv | tr '\t' '|')
    declare -a words
    eval "words=($options)"
    if [[ $protocol == '{'* ]]; then
        checks=$(checks_of "$model" "$without")
        printf 'title: {en: one of ours}\nentry: ["*"]\nprotocol: %s\nmodel: %s\npoints: %s\nchecks:\n%s\n' \
            "$protocol" "$model" "$(wc -l <<<"$checks")" "$checks" >"$assignment"
    else
        assignment=$protocol
        port=$(sed -n 's/^port: //p' "../assignments/$assignment.yaml")
        words+=(--port "${port:-0}")
    fi
    found=$(grade "$assignment" "$model" "${words[@]}" | tr '\n' ' ')
    [ -z "$found" ] && echo same || echo "other $model $options: $found"
    exit 0
fi
proctor=$(realpath "$1")
self=$(realpath "$0")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"
for model in $("$proctor" list models | cut -d ' ' -f 1); do
    [[ $model == *${ONLY:-}* ]] || continue
    awk -F '\t' -v model="$model" '!/^#/ && ($2 ~ /^{/ || $3 == model) { print model, NR }' \
        own_servers.tsv
done >"$work/pairs"
xargs -P "${JOBS:-4}" -L 1 "$self" --one "$proctor" "$work" <"$work/pairs" >"$work/found"
echo "$(wc -l <"$work/found") servers, $(grep -vc '^same' "$work/found" || true) otherwise than expected"
while read -r line; do fail "$line"; done < <(sed -n 's/^other //p' "$work/found")
end_of_test 'all pass'
