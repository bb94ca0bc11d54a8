#!/usr/bin/env bash
# Every model with every protocol and several workers, under load, with server and generator built
# with ThreadSanitizer. Criterion does not run under it, so the program itself is driven from
# outside. A race ends it with exit code 66.
#
# Usage: with_tsan.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
cd "$(dirname "$0")/.."
work=$(mktemp -d)
mkfifo "$work/ready"
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
export TSAN_OPTIONS="halt_on_error=1 exitcode=66 suppressions=$PWD/house/tsan.suppressions"

# TSan wants a memory map with little randomness, which some kernels only give on request.
run() { setarch --addr-no-randomize "$proctor" "$@"; }

start() {
    setarch --addr-no-randomize "$proctor" serve "$@" --workers 2 >"$work/ready" &
    server=$!
    read -r _ _ address _ <"$work/ready"
}

stop() {
    kill "$server"
    wait "$server"
    server=
}

echo_load() {
    run load "$address" --clients 50 --threads 2 --duration 700ms --warmup 100ms \
        --hlog "$work/log" >/dev/null # which has the load watched
}

# Gets no answer, and so exits with 1; a race would exit with 66.
sink_load() {
    run load "$address" --clients 50 --threads 2 --duration 300ms --warmup 0 >/dev/null ||
        [ $? -eq 1 ]
}

# Eight clients at once, each of which says these lines.
crowd() { timeout 60 python3 clients/crowd.py "${address%:*}" "${address##*:}" "$@"; }

# Each on a connection of its own: a model may serve one at a time, to its end.
pages() {
    timeout 60 curl --no-progress-meter --header 'Connection: close' --parallel \
        --parallel-immediate --parallel-max 8 --output /dev/null "http://$address/[1-200]"
}

for model in $("$proctor" list models | cut -d ' ' -f 1); do
    start "$model" --protocol echo
    echo_load
    stop
    start "$model" --protocol sink --quiet
    sink_load
    stop
    start "$model" --protocol prefix
    crowd one two three
    stop
    start "$model" --protocol command --allow-remote-commands
    crowd 'echo a' 'seq 9' no
    stop
    start "$model" --protocol login --users support/served_users --objects support
    crowd NB UP:user:se:cret NB SEND:no SEND:served_users NB
    stop
    start "$model" --protocol key-value
    crowd 'set a 1' 'get a' 'set b 2' 'del b' count
    stop
    start "$model" --protocol http
    pages
    stop
    echo "$model: no race"
done
