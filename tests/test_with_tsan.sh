#!/usr/bin/env bash
# Every model under load, with server and generator built with ThreadSanitizer. Criterion does not
# run under it, so the program itself is driven from outside. A race ends it with exit code 66.
#
# Usage: test_with_tsan.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
ready=$(mktemp -u)
mkfifo "$ready"
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -f "$ready"' EXIT
export TSAN_OPTIONS="halt_on_error=1 exitcode=66"

# TSan wants a memory map with little randomness, which some kernels only give on request.
run() { setarch --addr-no-randomize "$proctor" "$@"; }

for model in $("$proctor" list models | cut -d ' ' -f 1); do
    for protocol in echo sink; do
        setarch --addr-no-randomize "$proctor" serve "$model" --protocol "$protocol" --quiet >"$ready" &
        server=$!
        read -r _ _ address _ <"$ready"
        if [ "$protocol" = echo ]; then
            run load "$address" --clients 50 --threads 2 --duration 1s --warmup 100ms >/dev/null
        else # a load on a sink gets no answer, and so exits with 1; a race would exit with 66
            run load "$address" --clients 50 --threads 2 --duration 300ms --warmup 0 >/dev/null ||
                [ $? -eq 1 ]
        fi
        kill "$server"
        wait "$server"
        server=
        echo "$model with $protocol: no race"
    done
done
