#!/usr/bin/env bash
# The command line from end to end: exit codes, messages, documents.
#
# Usage: test_cli.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
cd "$(dirname "$0")"
work=$(mktemp -d)
server=
finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
failures=0

fail() {
    echo "FAILED: $*" >&2
    failures=$((failures + 1))
}

# expect CODE TEXT COMMAND...: the command ends with CODE and says TEXT (a pattern).
expect() {
    local code=$1 text=$2 got=0
    shift 2
    "$@" >"$work/out" 2>"$work/err" </dev/null || got=$?
    [ "$got" -eq "$code" ] || fail "exit $got, not $code: $* ($(tail -n 3 "$work/err"))"
    grep -qE -- "$text" "$work/out" "$work/err" || fail "does not say '$text': $*"
}

# check FILE EXPRESSION: the Python expression holds for the document `d`.
check() {
    python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
assert eval(sys.argv[2]), "not so: " + sys.argv[2]' "$1" "$2" || fail "$1: $2"
}

# start COMMAND...: starts a server and sets $server and $address from its ready line.
start() {
    mkfifo "$work/ready"
    "$@" >"$work/ready" 2>/dev/null &
    server=$!
    read -r _ _ address _ <"$work/ready"
    rm "$work/ready"
}

stop() {
    kill "$server"
    wait "$server" || true
    server=
}

### Words

expect 0 'Usage: proctor COMMAND' "$proctor" --help
expect 0 'proctor [0-9]' "$proctor" --version
expect 2 "no command 'sevre'" "$proctor" sevre
expect 2 'Usage' "$proctor"
for command in bench doctor grade list load serve; do
    expect 0 'Example:' "$proctor" "$command" --help
    expect 2 'nonsense' "$proctor" "$command" --nonsense
done
expect 0 'io_uring' "$proctor" list models
expect 0 'sink' "$proctor" list protocols
expect 2 'servers' "$proctor" list servers
expect 3 'standard output' bash -c "'$proctor' list models >/dev/full"
expect 0 'descriptors' "$proctor" doctor --json "$work/doctor.json"
check "$work/doctor.json" 'len(d["findings"]) >= 4'

### Nonsense is refused with the option's name

expect 2 '--port' "$proctor" serve epoll --port 70000
expect 2 '--port' "$proctor" serve epoll --port http
expect 2 '--protocol' "$proctor" serve epoll --protocol smtp
expect 2 '--host' "$proctor" serve epoll --host example.org
expect 2 "no model 'kqueue'" "$proctor" serve kqueue
expect 2 '--clients' "$proctor" load 127.0.0.1:1 --clients 0
expect 2 '--clients' "$proctor" load 127.0.0.1:1 --clients ten
expect 2 '--clients.*descriptors' "$proctor" load 127.0.0.1:1 --clients 1M
expect 2 '--duration' "$proctor" load 127.0.0.1:1 --duration 5parsecs
expect 2 '--duration' "$proctor" load 127.0.0.1:1 --duration 0
expect 2 '--size' "$proctor" load 127.0.0.1:1 --size 0
expect 2 '--threads' "$proctor" load 127.0.0.1:1 --threads 9 --clients 3
expect 2 'HOST:PORT' "$proctor" load
expect 2 'localhost' "$proctor" load localhost
expect 2 '--models' "$proctor" bench --models epoll,kqueue
expect 2 '--expect' "$proctor" grade second-client --expect maybe -- true
expect 2 "no grading 'homework'" "$proctor" grade homework -- true
expect 2 'command after --' "$proctor" grade second-client
expect 2 "cannot run '/no/such/program'" "$proctor" grade second-client -- /no/such/program

### Load

start "$proctor" serve epoll
expect 3 'cannot listen on' "$proctor" serve select --port "${address##*:}"
expect 0 'clients +20 asked, 20 connected, 20 served' \
    "$proctor" load "$address" --clients 20 --threads 2 --duration 200ms --warmup 50ms \
    --json "$work/load.json" --hgrm "$work/load.hgrm" --hlog "$work/load.hlog" --csv "$work/load.csv"
grep -q '^ *[0-9.]* 1.000000000000 .* inf$' "$work/load.hgrm" || fail '--hgrm'
grep -q ',1.000000000000,.*,Infinity$' "$work/load.csv" || fail '--csv'
[ "$(grep -cE '^Tag=(latency|service|slip|connect|first-service),.*,HISTFAAA' \
    "$work/load.hlog")" -eq 5 ] && grep -q '^Tag=window,.*,HISTFAAA' "$work/load.hlog" || fail '--hlog'
expect 0 '100/s offered' "$proctor" load "$address" --clients 4 --threads 2 --rate 6000/min \
    --arrivals poisson --duration 100ms --warmup 0 --json "$work/open.json"
check "$work/open.json" 'd["results"][0]["cell"]["rate"] == 100'
check "$work/open.json" 'd["results"][0]["cell"]["arrivals"] == "poisson"'
check "$work/open.json" 'd["results"][0]["slip_ns"]["count"] > 0'
check "$work/load.json" 'd["results"][0]["validity"]["verdict"] in ("valid", "suspect")'
expect 1 'nothing was answered in the window' "$proctor" load "$address" --rate 1/min \
    --duration 10ms --warmup 0 --strict
expect 0 'over [0-9.]*m?s$' timeout --preserve-status --signal INT 1 "$proctor" load "$address" --clients 4 \
    --duration 1h --warmup 0
expect 0 'server .* of CPU' "$proctor" load "$address" --clients 8 --duration 100ms --warmup 0 \
    --pid "$server" --json "$work/cost.json"
check "$work/cost.json" 'd["results"][0]["server"]["cpu_us_per_request"] > 0'
# A recv and a send for each request, and at most one wait: where the kernel lets them be counted.
check "$work/cost.json" '(lambda s: s["not_measured"] if s["syscalls_per_request"] is None
    else 2 <= s["syscalls_per_request"] < 4)(d["results"][0]["server"])'
expect 2 'there is no process' "$proctor" load "$address" --pid 2147483647
expect 2 'brings its own servers' "$proctor" load "$address" --self-test
expect 2 'not a rate' "$proctor" load "$address" --rate fast
expect 2 'not a rate' "$proctor" load "$address" --rate 0
expect 2 'not a rate' "$proctor" load "$address" --rate 5/day
expect 2 'neither constant nor poisson' "$proctor" load "$address" --rate 5 --arrivals never
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

start python3 echo_any_port.py
expect 0 'clients +20 asked, 20 connected, 20 served' \
    "$proctor" load "$address" --clients 20 --duration 300ms --warmup 50ms --json "$work/python.json"
check "$work/python.json" "$identity and d['results'][0]['requests']['failed']['total'] == 0"
stop

start "$proctor" serve sequential
expect 0 '1 served, 4 never served' "$proctor" load "$address" --clients 5 --duration 100ms --warmup 0
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

### Bench

expect 0 'epoll +8/8' "$proctor" bench --models select,epoll --clients 8 --rounds 2 --slice 50ms \
    --output "$work/bench/deep"
check "$work/bench/deep/run.json" '[r["target"]["name"] for r in d["results"]] == ["select", "epoll"]'
check "$work/bench/deep/run.json" 'all(len(r["rounds"]["p50_ns"]["values"]) == 2 for r in d["results"])'
check "$work/bench/deep/run.json" 'all(r["server"]["cpu_us_per_request"] > 0 for r in d["results"])'

### Grade

# grade NAME FINDINGS: the findings of both checks, by evidence.
grade() {
    expect 0 . "$proctor" grade second-client --json "$work/grade.json" -- \
        python3 "submissions/$1.py"
    check "$work/grade.json" "[c['finding'] for c in d['checks']] == $2"
    check "$work/grade.json" 'all(c["decided_by"] == "evidence" for c in d["checks"])'
}
waits="['blocked', 'served after the first client left']"
grade sequential_sink "$waits"
check "$work/grade.json" 'any(e.get("waits_on") == "the first client" for e in d["checks"][0]["evidence"])'
check "$work/grade.json" 'any(e.get("inode") == 0 for e in d["checks"][0]["evidence"])'
grade sequential_echo "$waits"
grade threaded_echo "['served', 'not played']"
grade select_echo "['served', 'not played']"
grade escaping "$waits"
! pgrep -f submissions/escaping.py >/dev/null || fail "a submission is still running"
for model in thread select epoll io_uring; do
    expect 0 'first stays silent: served' "$proctor" grade second-client -- "$proctor" serve "$model"
done
expect 0 'first stays silent: blocked' "$proctor" grade second-client -- "$proctor" serve sequential
expect 1 'hint: Nobody serves' "$proctor" grade second-client --expect served -- \
    python3 submissions/sequential_echo.py
expect 1 'never comes to rest' "$proctor" grade second-client --patience 3s --farewell "" -- \
    python3 submissions/sequential_sink.py
expect 1 'ended before it listened' "$proctor" grade second-client -- false
expect 1 'does not listen' "$proctor" grade second-client -- python3 -c 'input("port? ")'
expect 1 'turned away' "$proctor" grade second-client -- python3 submissions/turning_away.py
grade slow_ticker "['served', 'not played']"
grade receive_timeout "['served', 'not played']"
grade upper_case "['served', 'not played']"
expect 4 'several ports' "$proctor" grade second-client --strict -- \
    python3 submissions/two_ports.py
expect 0 'silent: blocked' "$proctor" grade second-client --port 9501 -- \
    python3 submissions/two_ports.py
expect 0 'silent: served' "$proctor" grade second-client --port 9500 -- \
    python3 submissions/two_ports.py
expect 4 'inconclusive' "$proctor" grade second-client --strict --patience 200ms -- \
    python3 -c 'while True: pass'

# As an ordinary user, in user namespaces, if we are root and this machine has them.
if [ "$(id -u)" -eq 0 ] && setpriv --reuid 65534 --regid 65534 --clear-groups unshare -Urn true; then
    cp "$proctor" submissions/*.py "$work"
    chmod -R a+rX "$work"
    for name in sequential_sink threaded_echo; do
        expect 0 'user namespaces' setpriv --reuid 65534 --regid 65534 --clear-groups \
            "$work/proctor" grade second-client -- python3 "$work/$name.py"
    done
fi

[ "$failures" -eq 0 ] && echo "all as expected"
exit "$((failures > 0))"
