#!/usr/bin/env bash
# `proctor load` from the command line: what it says of each option, and of servers that fail it; its
# documents are looked at in test_load.py.
#
# Usage: cli_load.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"

mkfifo "$work/hold"
start "$proctor" serve epoll
expect 3 'cannot listen on' "$proctor" serve select --port "${address##*:}"
expect 1 'no request was answered in the window' "$proctor" load "$address" --rate 1/min \
    --duration 10ms --warmup 0 --strict
# Ctrl-C, once it is caught, and not by the shell that becomes the program.
# interrupt_once CONDITION: sends it to the load once the condition holds too, and sets $code.
interrupt_once() {
    until [ "/proc/$load/exe" -ef "$proctor" ] && "$@" &&
        (((0x$(sed -nE 's/^SigCgt:\s*//p' "/proc/$load/status") & 2) != 0)); do :; done
    kill -INT "$load"
    code=0
    wait "$load" || code=$?
}
# Once a request has come, there are figures.
"$proctor" serve epoll --protocol sink >"$work/sink" &
sink=$!
until grep -qs '^listening on ' "$work/sink"; do :; done
"$proctor" load "$(sed -n 's/^listening on \([^ ]*\) .*/\1/p' "$work/sink")" --protocol sink --clients 4 \
    --rate 100 --duration 1h --warmup 0 >"$work/out" &
load=$!
has_come() { [ "$(wc -l <"$work/sink")" -gt 1 ]; }
interrupt_once has_come
[ "$code" -le 1 ] || fail "a load that is interrupted ends with $code"
grep -q '^rate .* over [0-9.]*[a-z]*s, 100/s offered' "$work/out" || fail "a load that is interrupted: $(cat "$work/out")"
kill "$sink"
wait "$sink" || true
# Before anybody is connected there are none: the queue of this listener is full.
python3 -c '
import socket, sys
listener = socket.create_server(("127.0.0.1", 0), backlog=0)
ahead = [socket.socket() for _ in range(4)]
for one in ahead:
    one.setblocking(False)
    one.connect_ex(listener.getsockname())
print(listener.getsockname()[1], flush=True)
sys.stdin.read()' <"$work/hold" >"$work/port" &
exec 8>"$work/hold"
until [ -s "$work/port" ]; do :; done
"$proctor" load "127.0.0.1:$(cat "$work/port")" --clients 4 --duration 1h --connect-timeout 1h 2>"$work/err" &
load=$!
interrupt_once true
exec 8>&-
[ "$code" -eq 1 ] || fail "a load that is interrupted before it is connected ends with $code"
grep -q 'stopped before any of 4 clients was connected to 127' "$work/err" || fail "interrupted early: $(cat "$work/err")"
expect 2 'no process 2147483647' "$proctor" load "$address" --pid 2147483647
expect 2 'starts its own servers' "$proctor" load "$address" --self-test
expect 2 'not a rate' "$proctor" load "$address" --rate fast
expect 2 'not a rate' "$proctor" load "$address" --rate 0
expect 2 'not a rate' "$proctor" load "$address" --rate 5/day
expect 2 'use constant or poisson' "$proctor" load "$address" --rate 5 --arrivals never
expect 2 'only with --rate' "$proctor" load "$address" --arrivals poisson
expect 3 'cannot write /nowhere/x' "$proctor" load "$address" --clients 1 --duration 10ms \
    --warmup 0 --hgrm /nowhere/x
expect 0 'served' "$proctor" load "$address" --clients 3 --size 300k --duration 200ms --warmup 0
expect 3 'cannot write' "$proctor" load "$address" --duration 10ms --warmup 0 --json /no/such/folder/x
stop
expect 1 'none of 64 clients could connect' "$proctor" load "$address"
expect 1 'connect: Connection refused' "$proctor" load "$address" --clients 3

start "$proctor" serve sequential
expect 0 '1 served, 4 never served' "$proctor" load "$address" --clients 5 --duration 500ms --warmup 0
stop


### What is said

start "$proctor" serve epoll --protocol prefix --prefix '+'
expect 0 ' 0 failed' "$proctor" load "$address" --protocol exchange --send PING --expect +PING --depth 3 \
    --duration 500ms --warmup 0
expect 0 ' 0 failed' "$proctor" load "$address" --protocol exchange --send 'a\x42\\\t' --expect-prefix '+aB\\\t' \
    --duration 500ms --warmup 0 --engine epoll
expect 1 '4 failed in phase wait: a reply other than the expected one' "$proctor" load "$address" \
    --protocol exchange --send PING --expect PONG --clients 4 --warmup 0 --connect-timeout 50ms
expect 1 'does not answer as expected .the reply is "\+PING"' "$proctor" load "$address" \
    --protocol exchange --send PING --expect PONG --clients 4 --warmup 0 --connect-timeout 50ms
expect 1 'a reply that is not HTTP/1' "$proctor" load "$address" --protocol http --warmup 0
stop
start "$proctor" serve epoll --protocol sink
expect 0 '64 served' "$proctor" load "$address" --protocol sink --duration 500ms --warmup 0
stop

### How it is said

start "$proctor" serve epoll
# So many that what a round asks of the kernel does not fit into one call.
expect 0 ' 0 failed' "$proctor" load "$address" --requests-per-connection 1 --clients 300 \
    --duration 500ms --warmup 0
expect 0 '3 of 3 slow readers connected' "$proctor" load "$address" --slow-readers 3 --idle 2 \
    --duration 500ms --warmup 0 --ramp 20ms
for engine in epoll io_uring; do
    [ "$engine" = epoll ] || "$proctor" list models | grep -q '^io_uring .*not ' && continue
    expect 0 "CPU per request .$engine." "$proctor" load "$address" --engine "$engine" --pin 0 \
        --depth 4 --duration 500ms --warmup 0
done
expect 2 'use echo, exchange, http, key-value or sink' "$proctor" load "$address" --protocol ftp
expect 2 'is called --protocol now' "$proctor" load "$address" --exchange http
expect 2 'missing --send TEXT' "$proctor" load "$address" --protocol exchange
expect 2 'only with --protocol exchange' "$proctor" load "$address" --send x
expect 2 'only one of' "$proctor" load "$address" --protocol exchange --send x --expect a --expect-prefix b
expect 2 'unknown escape' "$proctor" load "$address" --protocol exchange --send 'a\q'
expect 2 'unknown escape' "$proctor" load "$address" --protocol exchange --send 'a\'
expect 2 'unknown escape' "$proctor" load "$address" --protocol exchange --send 'a\x0'
expect 2 'not a path' "$proctor" load "$address" --protocol http --path index.html
expect 2 'only with --protocol http' "$proctor" load "$address" --path /x
expect 2 'sends nothing to read; use another protocol' "$proctor" load "$address" --protocol sink --slow-readers 1
expect 2 'use epoll or io_uring' "$proctor" load "$address" --engine poll
expect 2 'not a list of processors' "$proctor" load "$address" --pin 1-
expect 2 'not a list of processors' "$proctor" load "$address" --pin 3-1
expect 2 'cannot pin a load thread to processor 1023' "$proctor" load "$address" --pin 1023
expect 2 'only one of these can be -' "$proctor" load "$address" --json - --csv -
expect 2 'port from 1 to 65535' "$proctor" load 127.0.0.1
expect 2 '--depth' "$proctor" load "$address" --depth 0
stop

# Where a source address has ten ports, sixty-four clients come from several.
if unshare -n true 2>/dev/null; then
    # shellcheck disable=SC2016
    expect 0 '64 asked, 64 connected, 64 served' unshare -n bash -c 'ip link set lo up
        echo 50000 50009 >/proc/sys/net/ipv4/ip_local_port_range
        "$1" serve epoll --port 9500 >"$2" & server=$!
        until grep -q listening "$2"; do :; done
        "$1" load 127.0.0.1:9500 --duration 500ms --warmup 0
        code=$?; kill $server; exit $code' - "$proctor" "$work/listening"
else
    not_tested 'running out of ports: no network namespace'
fi

### The responder

expect 2 'not shorter than --every' "$proctor" respond --stall 2s --every 1s
expect 2 'use constant, bimodal or exponential' "$proctor" respond --law normal
expect 2 "unexpected argument '9500'" "$proctor" respond 9500

end_of_test 'all as expected'
