#!/usr/bin/env bash
# The table of attacks in docs/security.md names every hostile program, and no other.
#
# Usage: security.sh
set -euo pipefail
shopt -s extglob globstar nullglob
cd "$(dirname "$0")/../.."
failures=0
mapfile -t named < <(sed -n '/^## Attacks/,$p' docs/security.md | grep -oE '[a-z_/*]+\.(py|sh)' | sort -u)
programs=(tests/hostile/**/*.{py,sh})
for pattern in "${named[@]}"; do
    found=
    for program in "${programs[@]}" tests/campaign/*.py; do
        # shellcheck disable=SC2053 # it is a pattern
        [[ /$program != *"/"$pattern ]] || found=1
    done
    [ -n "$found" ] || { echo "FAILED: docs/security.md names $pattern, which is not there" >&2 && failures=1; }
done
for program in "${programs[@]}"; do
    found=
    for pattern in "${named[@]}"; do
        # shellcheck disable=SC2053
        [[ /$program != *"/"$pattern ]] || found=1
    done
    [ -n "$found" ] || { echo "FAILED: docs/security.md does not name $program" >&2 && failures=1; }
done
echo "${#programs[@]} hostile programs in the table"
exit "$failures"
