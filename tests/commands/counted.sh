#!/usr/bin/env bash
# Usage: counted.sh PROCTOR: what compare --counted refuses, and how; nothing is booted.
set -euo pipefail
proctor=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# refuses CODE TEXT WORDS...: ends with this code, and says this.
refuses() {
    local code=0 said
    said=$(PROCTOR_MACHINE=$work/none "$proctor" compare epoll epoll "${@:3}" 2>&1) || code=$?
    if [ "$code" -ne "$1" ] || [[ $said != *"$2"* ]]; then
        echo "FAILED: compare epoll epoll ${*:3}: exit $code, not $1, and said: $said" >&2
        failures=$((failures + 1))
    fi
}

if command -v qemu-system-x86_64 >/dev/null; then
    refuses 3 "the counted machine needs a kernel, and $work/none/kernel holds none; scripts/setup --counted gets it" --counted
fi
refuses 3 "the counted machine" --counted
refuses 2 "use a share above 1%, or --counted" --must-catch 0.5%
refuses 2 "--repeat only applies with --counted" --repeat 2
refuses 2 "--profile only applies with --counted" --profile
refuses 2 "is not a share from 0.05% to 100%" --counted --must-catch 0.01%
refuses 2 "--repeat" --counted --repeat 17
refuses 2 "--repeat" --both --repeat 17

# Without the machine the document is a whole one all the same, and says why nothing was decided.
PROCTOR_MACHINE=$work/none "$proctor" compare epoll epoll --counted --json "$work/none.json" >/dev/null 2>&1 || true
jq -e '.verdict == "inconclusive" and (.reasons | length) == 1 and .plan.counted' "$work/none.json" >/dev/null || {
    echo "FAILED: the document without a machine" >&2
    failures=$((failures + 1))
}
exit "$((failures > 0))"
