#!/usr/bin/env bash
# `proctor load` from end to end: every option, every way in which a server can fail it.
#
# Usage: test_cli_load.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"

start "$proctor" serve epoll
expect 3 'cannot listen on' "$proctor" serve select --port "${address##*:}"
expect 0 'clients +20 asked, 20 connected, 20 served' \
    "$proctor" load "$address" --clients 20 --threads 2 --duration 900ms --warmup 50ms \
    --json "$work/load.json" --hgrm "$work/load.hgrm" --hlog "$work/load.hlog" --csv "$work/load.csv"
grep -q '^ *[0-9.]* 1.000000000000 .* inf$' "$work/load.hgrm" || fail '--hgrm'
grep -q ',1.000000000000,.*,Infinity$' "$work/load.csv" || fail '--csv'
[ "$(grep -cE '^Tag=(latency|service|slip|connect|first-service),.*,HISTFAAA' \
    "$work/load.hlog")" -eq 5 ] && grep -q '^Tag=window,.*,HISTFAAA' "$work/load.hlog" || fail '--hlog'
expect 0 '100/s offered' "$proctor" load "$address" --clients 4 --threads 2 --rate 6000/min \
    --arrivals poisson --duration 500ms --warmup 0 --json "$work/open.json"
check "$work/open.json" 'd["results"][0]["cell"]["rate"] == 100'
check "$work/open.json" 'd["results"][0]["cell"]["arrivals"] == "poisson"'
check "$work/open.json" 'd["results"][0]["slip_ns"]["count"] > 0'
check "$work/load.json" 'd["results"][0]["validity"]["verdict"] in ("valid", "suspect")'
expect 1 'nothing was answered in the window' "$proctor" load "$address" --rate 1/min \
    --duration 10ms --warmup 0 --strict
# Ctrl-C, once it is caught, and not by the shell that becomes the program: what was measured is
# printed.
"$proctor" load "$address" --clients 4 --duration 1h --warmup 0 >"$work/out" &
load=$!
until [ "/proc/$load/exe" -ef "$proctor" ] && (((0x$(sed -nE 's/^SigCgt:\s*//p' "/proc/$load/status") & 2) != 0)); do :; done
kill -INT "$load"
wait "$load" || [ "$?" -eq 1 ] || fail "a load that is interrupted ends with $?"
grep -q '^rate .* over [0-9.]*[a-z]*s$' "$work/out" || fail "a load that is interrupted: $(cat "$work/out")"
expect 0 'server .* of CPU' "$proctor" load "$address" --clients 8 --duration 500ms --warmup 0 \
    --pid "$server" --json "$work/cost.json"
check "$work/cost.json" 'd["results"][0]["server"]["cpu_us_per_request"] > 0'
# A recv and a send for each request, and at most one wait: where the kernel lets them be counted.
check "$work/cost.json" '(lambda s: s["not_measured"] if s["syscalls_per_request"] is None
    else 2 <= s["syscalls_per_request"] < 4)(d["results"][0]["server"])'
expect 2 'no process 2147483647' "$proctor" load "$address" --pid 2147483647
expect 2 'starts its own servers' "$proctor" load "$address" --self-test
expect 2 'not a rate' "$proctor" load "$address" --rate fast
expect 2 'not a rate' "$proctor" load "$address" --rate 0
expect 2 'not a rate' "$proctor" load "$address" --rate 5/day
expect 2 'use constant or poisson' "$proctor" load "$address" --rate 5 --arrivals never
expect 2 'only with --rate' "$proctor" load "$address" --arrivals poisson
expect 3 'cannot write /nowhere/x' "$proctor" load "$address" --clients 1 --duration 10ms \
    --warmup 0 --hgrm /nowhere/x
identity='(lambda q: q["sent"] == q["answered"] + q["failed"]["total"] + q["in_flight"])(d["results"][0]["requests"])'
check "$work/load.json" 'd["schema"] == "proctor.run/1" and d["tool"]["name"] == "proctor"'
check "$work/load.json" "$identity"
check "$work/load.json" 'd["results"][0]["clients"]["served"] == 20'
check "$work/load.json" 'd["results"][0]["requests"]["failed"]["total"] == 0'
check "$work/load.json" '0 < d["results"][0]["latency_ns"]["p50"] <= d["results"][0]["latency_ns"]["p99.9"] <= d["results"][0]["latency_ns"]["max"]'
expect 0 'served' "$proctor" load "$address" --clients 3 --size 300k --duration 200ms --warmup 0
expect 3 'cannot write' "$proctor" load "$address" --duration 10ms --warmup 0 --json /no/such/folder/x
"$proctor" load "$address" --duration 50ms --warmup 0 --json - 2>/dev/null >"$work/stdout.json"
check "$work/stdout.json" "$identity"
stop
expect 1 'none of 64 clients could connect' "$proctor" load "$address"
expect 1 'connect: Connection refused' "$proctor" load "$address" --clients 3

start python3 support/echo_any_port.py
expect 0 'clients +20 asked, 20 connected, 20 served' \
    "$proctor" load "$address" --clients 20 --duration 300ms --warmup 50ms --json "$work/python.json"
check "$work/python.json" "$identity and d['results'][0]['requests']['failed']['total'] == 0"
stop

start "$proctor" serve sequential
expect 0 '1 served, 4 never served' "$proctor" load "$address" --clients 5 --duration 500ms --warmup 0
stop

# Killed in mid-run: the load ends at once, not after its hour, and names what it saw.
start "$proctor" serve thread
"$proctor" load "$address" --clients 20 --duration 1h --json "$work/killed.json" >"$work/out" 2>&1 &
load=$!
until [ "$(find "/proc/$server/task" -mindepth 1 -maxdepth 1 | wc -l)" -gt 20 ]; do :; done
kill -KILL "$server"
wait "$server" 2>/dev/null || true
server=
code=0
wait "$load" || code=$?
[ "$code" -eq 1 ] || fail "a load on a killed server ends with $code"
grep -q '20 failed in phase' "$work/out" || grep -q 'failed in phase wait' "$work/out" ||
    fail "failures are not named: $(cat "$work/out")"
check "$work/killed.json" "$identity and d['results'][0]['requests']['failed']['total'] > 0"


### What is said

start "$proctor" serve epoll --protocol http
expect 0 '[0-9]+ answered with 2xx' "$proctor" load "$address" --protocol http --path /a?b --clients 8 \
    --duration 500ms --warmup 0 --json "$work/http.json"
check "$work/http.json" 'd["results"][0]["requests"]["by_status"]["2xx"] == d["results"][0]["requests"]["answered"]'
check "$work/http.json" 'd["results"][0]["cell"]["protocol"] == "http"'
stop
# A server that knows no GET, and closes after each reply.
start python3 -c 'import http.server as http
server = http.ThreadingHTTPServer(("127.0.0.1", 0), http.BaseHTTPRequestHandler)
print("listening on 127.0.0.1:%d" % server.server_port, flush=True)
server.serve_forever()'
expect 1 '[0-9]+ answered with 5xx' "$proctor" load "$address" --protocol http --clients 2 --threads 2 \
    --duration 500ms --warmup 0 --json "$work/refused.json"
check "$work/refused.json" "$identity and d['results'][0]['requests']['failed']['total'] == 0"
check "$work/refused.json" "d['results'][0]['connections']['made'] >= d['results'][0]['requests']['answered']"
stop
start "$proctor" serve epoll --protocol prefix --prefix '+'
expect 0 ' 0 failed' "$proctor" load "$address" --protocol exchange --send PING --expect +PING --depth 3 \
    --duration 500ms --warmup 0
expect 0 ' 0 failed' "$proctor" load "$address" --protocol exchange --send 'a\x42\\\t' --expect-prefix '+aB\\\t' \
    --duration 500ms --warmup 0 --engine epoll
expect 1 '4 failed in phase wait: a reply other than the expected one' "$proctor" load "$address" \
    --protocol exchange --send PING --expect PONG --clients 4 --warmup 0
expect 1 'a reply that is not HTTP/1' "$proctor" load "$address" --protocol http --warmup 0
stop
start "$proctor" serve epoll --protocol sink
expect 0 '64 served' "$proctor" load "$address" --protocol sink --duration 500ms --warmup 0
stop

### How it is said

start "$proctor" serve epoll
expect 0 'connected [0-9]+ times' "$proctor" load "$address" --requests-per-connection 2 --clients 5 \
    --duration 500ms --warmup 0 --json "$work/churn.json"
check "$work/churn.json" "$identity and d['results'][0]['connections']['made'] > 5"
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
expect 2 'use echo, exchange, http or sink' "$proctor" load "$address" --protocol ftp
expect 2 'is called --protocol now' "$proctor" load "$address" --exchange http
expect 2 'missing --send TEXT' "$proctor" load "$address" --protocol exchange
expect 2 'only with --protocol exchange' "$proctor" load "$address" --send x
expect 2 'only one of' "$proctor" load "$address" --protocol exchange --send x --expect a --expect-prefix b
expect 2 'unknown escape' "$proctor" load "$address" --protocol exchange --send 'a\q'
expect 2 'unknown escape' "$proctor" load "$address" --protocol exchange --send 'a\'
expect 2 'unknown escape' "$proctor" load "$address" --protocol exchange --send 'a\x0'
expect 2 'not a path' "$proctor" load "$address" --protocol http --path index.html
expect 2 'only with --protocol http' "$proctor" load "$address" --path /x
expect 2 'nothing to read slowly' "$proctor" load "$address" --protocol sink --slow-readers 1
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
    echo 'no network namespace here: running out of ports is not tested'
fi

### Servers that go wrong

# Stopped in mid-run: what is out stays in flight, and the run ends when it is told to.
start "$proctor" serve epoll
"$proctor" load "$address" --clients 20 --duration 1h --json "$work/stopped.json" --engine epoll \
    >"$work/out" 2>&1 &
load=$!
until [ "$(find "/proc/$server/fd" -mindepth 1 -maxdepth 1 | wc -l)" -gt 20 ]; do :; done
kill -STOP "$server"
until grep -q '^State:.*T' "/proc/$server/status"; do :; done
# All have sent something, and the server may hold one of their requests in its hand.
asking=0 before=-1
until [ "$asking" -ge 19 ] && [ "$asking" -eq "$before" ]; do
    before=$asking
    asking=$(ss -Htn state established "sport = :${address##*:}" | awk '$1 > 0' | wc -l)
done
kill -INT "$load"
wait "$load" || true
grep -q '20 in flight at the end' "$work/out" || fail "a stopped server: $(cat "$work/out")"
check "$work/stopped.json" "$identity and d['results'][0]['requests']['in_flight'] == 20"
kill -CONT "$server"
stop

### The responder

start "$proctor" respond --delay 20ms
expect 0 '8 served' "$proctor" load "$address" --clients 8 --duration 500ms --warmup 0 \
    --json "$work/delay.json"
check "$work/delay.json" 'd["results"][0]["latency_ns"]["p50"] >= 20e6'
stop
expect 2 'not shorter than --every' "$proctor" respond --stall 2s --every 1s
expect 2 'use constant, bimodal or exponential' "$proctor" respond --law normal
expect 2 "unexpected argument '9500'" "$proctor" respond 9500

end_of_test 'all as expected'
