#!/usr/bin/env bash
# Runs a fuzz target on the inputs of the repository and on changes of them. What it finds is copied
# to the working folder (crash-…, slow-unit-…); new inputs that reach more are kept in GROWN.
#
# Usage: [GROWN=FOLDER] fuzz.sh PROGRAM TARGET OPTIONS OF LIBFUZZER...
set -euo pipefail
program=$(realpath "$1")
target=$2
shift 2
root=$(realpath "$(dirname "$0")/../..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
grown=${GROWN:-$work/grown}
mkdir -p "$grown"
read -ra globs < <(awk -F'\t' -v target="$target" '$1 == target {print $4}' "$root/tests/fuzz/targets.tsv")
seeds=()
for glob in "${globs[@]}"; do
    mapfile -t -O "${#seeds[@]}" seeds < <(compgen -G "$root/$glob")
done
[ "${#seeds[@]}" -gt 0 ] || { echo "$target: no inputs to begin with" >&2; exit 1; }
(IFS=, && echo -n "${seeds[*]}") >"$work/seeds"
dictionary=$root/tests/fuzz/dictionaries/$target.dict
[ ! -e "$dictionary" ] || set -- "-dict=$dictionary" "$@"
# Little is kept of what was freed, as much was allocated: a use after it follows soon.
export ASAN_OPTIONS=quarantine_size_mb=16:${ASAN_OPTIONS:-}
# An input may use a gibibyte and ten seconds on a quiet machine, or it is a finding.
"$program" -seed_inputs="@$work/seeds" -seed=1 -rss_limit_mb=1024 -timeout=100 \
    -verbosity=1 -print_final_stats=1 "$@" "$grown" >"$work/said" 2>&1 || failed=$?
if [ "${failed:-0}" -ne 0 ]; then
    cat "$work/said"
    exit 1
fi
grep -E '^stat::number_of_executed_units|^#[0-9]+.*DONE' "$work/said"
