#!/usr/bin/env bash
# `proctor bench` and `proctor compare` from the command line: suites, going on after an end,
# servers in trouble, and what is counted. No figure that depends on time is asserted.
#
# Usage: test_bench.sh PROCTOR [BURN], the library of burn.c, which cannot be loaded with sanitizers
set -euo pipefail
proctor=$(realpath "$1")
burn=${2:+$(realpath "$2")}
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"

### Suites

"$proctor" list suites >"$work/suites"
for suite in ../suites/*.yaml; do
    grep -q "^$(basename "$suite" .yaml) " "$work/suites" || fail "list suites lacks $suite"
done

# refused LINE SENTENCE: the suite on standard input is refused there, and nothing is run.
refused() {
    cat >"$work/bad.yaml"
    expect 2 "bad.yaml:$1: .*$2" "$proctor" bench --suite "$work/bad.yaml" --output "$work/none"
    [ ! -e "$work/none" ] || fail "a refused suite has left something: $2"
}
refused 2 "no key 'rownds' here; did you mean 'rounds'" <<<$'title: a\nrownds: 3\ncells: [{clients: [1]}]'
refused 1 "'cells' is missing" <<<'title: a'
refused 3 "'clients' must be a list" <<<$'title: a\ncells:\n  - clients: 5'
refused 3 "'clients' must be a count" <<<$'title: a\ncells:\n  - clients: [many]'
refused 4 "'protocol' must be echo" <<<$'title: a\ncells:\n  - clients: [1]\n    protocol: smtp'
refused 4 'rates must rise' <<<$'title: a\ncells:\n  - clients: [1]\n    rate: [2k, 1k]'
refused 2 'is there twice' <<<$'title: a\ncells: [{clients: [1]}, {clients: [1]}]'
refused 2 '5 repetitions need as many rounds' \
    <<<$'title: a\nrepetitions: 5\nrounds: 2\ncells: [{clients: [1]}]'
refused 2 "'rounds' must be at least 1" <<<$'title: a\nrounds: 0\ncells: [{clients: [1]}]'
refused 2 "'repetitions' must be at least 1" \
    <<<$'title: a\nrepetitions: 0\ncells: [{clients: [1]}]'
refused 2 "'slice' must be a time" <<<$'title: a\nslice: soon\ncells: [{clients: [1]}]'
refused 2 'no YAML' <<<'{'
refused 2 "unknown model 'epol'" <<<$'title: a\nmodels: [epol]\ncells: [{clients: [1]}]'
expect 2 "no suite 'quik'; did you mean 'quick'" "$proctor" bench --suite quik
expect 2 'file or directory' "$proctor" bench --suite "$work/nowhere.yaml"
# Before anything is measured.
expect 3 'cannot write /nowhere/x' "$proctor" bench --models epoll --json /nowhere/x
expect 3 'cannot write /nowhere/x' "$proctor" compare epoll epoll --json /nowhere/x
expect 2 'is not UTF-8' "$proctor" bench --against $'caf\xe9=./server {port}'
expect 2 'is not UTF-8' "$proctor" compare epoll $'./caf\xe9 {port}'

cat >"$work/small.yaml" <<'YAML'
title: two cells and two rates
rounds: 2
repetitions: 2
slice: 20ms
models: [epoll, sequential]
cells:
  - clients: [2, 4]
  - clients: [2]
    protocol: http
    rate: ["100", 1000k]
YAML
expect 0 '4 clients, echo of 64 bytes' "$proctor" bench --suite "$work/small.yaml" \
    --output "$work/small" --seed 5
# Whoever has fallen behind the lower rate, as on a machine that was taken away, has no higher one.
loaded='6 <= len(d["results"]) <= 8'
check "$work/small/run.json" "$loaded"' and d["interrupted"] is False'
check "$work/small/run.json" 'len(d["slices"]) == 2 * len(d["results"]) and len(d["cells_done"]) == 4'
check "$work/small/run.json" '{r["target"]["model"] for r in d["results"]} == {"epoll", "sequential"}'
check "$work/small/run.json" 'all(r["trouble"] is None for r in d["results"])'
check "$work/small/run.json" '[r["clients"]["served"] for r in d["results"] if r["cell"]["name"].startswith("4 ")] == [4, 1]'
check "$work/small/run.json" '{r["metric"] for r in d["rankings"]} == {"throughput_per_s", "p50_ns", "server_cpu_us_per_request"}'
# Of what is counted once for a start there is one value for each.
check "$work/small/run.json" 'all(len(r["rounds"]["bytes_per_connection"]["values"]) == 2 for r in d["results"])'
# Who leaves clients unserved is not the best.
check "$work/small/run.json" 'all("sequential" not in r["best"] for r in d["rankings"])'
check "$work/small/run.json" 'len(d["curves"]["memory"]) == 2 and len(d["curves"]["rate"]) == 2'

expect 0 '^best by .*.2 repetitions are too few' "$proctor" bench --models epoll,poll --clients 2 \
    --rounds 2 --repetitions 2 --slice 20ms

# What a suite says nothing of is as the options say.
expect 0 '3 at a time' "$proctor" bench --suite <(cat "$work/small.yaml") --models epoll \
    --rounds 1 --repetitions 1 --depth 3 --json "$work/deep.json"
check "$work/deep.json" '{r["cell"]["depth"] for r in d["results"]} == {3}'

# Who is behind at one rate is left out at higher ones, and asked for lower ones.
cat >"$work/rates.yaml" <<'YAML'
title: rates in two lists
rounds: 2
repetitions: 1
slice: 20ms
models: [sequential]
cells:
  - {clients: [2], rate: [5000k, 6000k]}
  - {clients: [2], rate: ["1000"]}
YAML
expect 0 'behind at a lower rate, and left out: sequential' "$proctor" bench --suite "$work/rates.yaml" \
    --json "$work/rates.json"
check "$work/rates.json" '[r["cell"]["rate"] for r in d["results"]] == [5e6, 1e3]'

# A bench that goes on takes what is done as it is, and measures the rest.
jq '.cells_done |= .[:2] | .results |= map(select(.cell.protocol == "echo")) | .interrupted = true
    | .results[0].throughput_per_s = 12345' "$work/small/run.json" >"$work/cut.json"
cp "$work/cut.json" "$work/small/run.json"
expect 0 . "$proctor" bench --suite "$work/small.yaml" --output "$work/small" --seed 5 --resume
check "$work/small/run.json" "$loaded"' and d["results"][0]["throughput_per_s"] == 12345'
check "$work/small/run.json" 'len(d["cells_done"]) == 4 and d["interrupted"] is False'
expect 2 "another bench.*rounds" "$proctor" bench --suite "$work/small.yaml" \
    --output "$work/small" --seed 5 --rounds 3 --resume
expect 2 "another bench.*seed" "$proctor" bench --suite "$work/small.yaml" \
    --output "$work/small" --seed 6 --resume
echo '{' >"$work/small/run.json"
expect 2 'run.json:[12]: ' "$proctor" bench --suite "$work/small.yaml" --output "$work/small" --resume
expect 2 '--resume' "$proctor" bench --resume

# An end that is asked for keeps what there is: here once the server has worked for a while.
"$proctor" bench --models epoll --clients 2 --rounds 100000 --repetitions 1 --slice 20ms \
    --output "$work/ended" >"$work/out" 2>"$work/err" &
bench=$!
worked_ns=0
while [ "$worked_ns" -lt 100000000 ] && kill -0 "$bench"; do
    for child in $(pgrep -P "$bench"); do
        { read -r worked_ns _ <"/proc/$child/schedstat"; } 2>/dev/null || worked_ns=0
    done
done
kill -INT "$bench"
wait "$bench" || fail "a bench that is stopped ends with $?"
check "$work/ended/run.json" 'd["interrupted"] is True and d["cells_done"] == []'
check "$work/ended/run.json" 'len(d["slices"]) > 0 and d["results"][0]["throughput_per_s"] > 0'
grep -q -- '--resume goes on' "$work/err" || fail 'a bench that is stopped does not say how to go on'

### Servers in trouble

cat >"$work/dies.py" <<'PY'
import os, socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
client, _ = listener.accept()
for _ in range(20):
    client.sendall(client.recv(64))
os._exit(3)
PY
cat >"$work/hangs.py" <<'PY'
import socket, sys, time
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
client, _ = listener.accept()
client.sendall(client.recv(64))
while True:
    time.sleep(1000)
PY
cat >"$work/lies.py" <<'PY'
import socket, sys, threading
def serve(client):
    while data := client.recv(65536):
        client.sendall(data[::-1])
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
PY
expect 1 'epoll +2/2' "$proctor" bench --models epoll --clients 2 --rounds 2 --slice 20ms \
    --against "dies=python3 $work/dies.py {port}" --against "hangs=python3 $work/hangs.py {port}" \
    --against "lies=python3 $work/lies.py {port}" --against 'absent=/no/such/program {port}' \
    --json "$work/trouble.json"
check "$work/trouble.json" '[r["trouble"] is None for r in d["results"]] == [True, False, False, False, False]'
check "$work/trouble.json" '"ended" in d["results"][1]["trouble"] or "closed" in d["results"][1]["trouble"] or "fail" in d["results"][1]["trouble"]'
check "$work/trouble.json" '"answer" in d["results"][2]["trouble"]'
check "$work/trouble.json" '"fail" in d["results"][3]["trouble"]'
check "$work/trouble.json" '"cannot be started" in d["results"][4]["trouble"]'
check "$work/trouble.json" 'd["results"][0]["throughput_per_s"] > 0'

# A command is whatever a shell understands.
cat >"$work/answers.py" <<'PY'
import socketserver, sys
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(65536):
            self.request.sendall(data)
socketserver.ThreadingTCPServer.daemon_threads = True
socketserver.ThreadingTCPServer(("127.0.0.1", int(sys.argv[1])), Echo).serve_forever()
PY
expect 0 'elsewhere +2/2' "$proctor" bench --clients 2 --rounds 2 --slice 20ms \
    --against "elsewhere=cd $work && PYTHONUNBUFFERED=1 python3 answers.py {port}"

# A server that runs already is measured, and not ended.
start "$proctor" serve epoll --protocol echo
expect 0 'there +2/2' "$proctor" bench --against "there=$address" --clients 2 --rounds 2 \
    --slice 20ms --json "$work/there.json"
check "$work/there.json" 'd["results"][0]["server"]["cpu_us_per_request"] is None'
kill -0 "$server" || fail 'a server that ran already has been ended'
stop

### Comparing

expect 2 'BASE and NEW' "$proctor" compare epoll
expect 2 'only two servers can be compared' "$proctor" compare epoll poll select
expect 2 'neither a model' "$proctor" compare epoll './new'
expect 2 'above 1%' "$proctor" compare epoll epoll --must-catch 0.5%
expect 3 'base: it cannot be started' "$proctor" compare '/no/such/program {port}' epoll --clients 2
expect 1 'new: it cannot be started' "$proctor" compare epoll '/no/such/program {port}' --clients 2
expect 1 'new: ' "$proctor" compare epoll "python3 $work/lies.py {port}" --clients 2 --slice 20ms
"$proctor" compare epoll '/no/such/program {port}' --json "$work/absent.json" >/dev/null 2>&1 || true
"$proctor" export "$work/absent.json" --format github >"$work/out"
grep -q '^::error title=new%2C 64 clients.*::it cannot be started' "$work/out" ||
    fail "no error for a server that cannot be started: $(cat "$work/out")"
"$proctor" compare epoll epoll --protocol http --path /x --budget 2s --json "$work/http.json" \
    >"$work/out" || true # whatever it finds
check "$work/http.json" '{(r["cell"]["protocol"], r["cell"]["path"]) for r in d["results"]} == {("http", "/x")}'
check "$work/http.json" 'all(r["trouble"] is None for r in d["results"])'

# What was stopped passes no gate.
"$proctor" compare epoll epoll --clients 2 --json "$work/stopped.json" >"$work/out" 2>&1 &
compare=$!
until pgrep -P "$compare" >/dev/null; do kill -0 "$compare" || break; done
kill -INT "$compare"
code=0
wait "$compare" || code=$?
[ "$code" -eq 4 ] || fail "a compare that is stopped ends with $code"
grep -q '^it was stopped before its end$' "$work/out" || fail "not told to be stopped: $(cat "$work/out")"
check "$work/stopped.json" '"it was stopped before its end" in d["reasons"] and d["interrupted"] is True'

# With no time there is no block: what is counted is all there is, and that does not decide. Each side
# is started once with one client and once with all of them.
slow="echo started >>$work/starts; sleep 0.2; exec $proctor serve epoll --port {port}"
expect 4 'the time was enough for 0 blocks' "$proctor" compare "$slow" "$slow" --clients 2 \
    --budget 1s --strict --json "$work/null.json"
[ "$(wc -l <"$work/starts")" -eq 6 ] || fail "$(wc -l <"$work/starts") starts where there is time for few"
check "$work/null.json" 'any("the rule looks first" in reason for reason in d["reasons"])'
check "$work/null.json" 'all(c["verdict"] == "same" for c in d["comparisons"] if c["exact"] and "syscalls" in c["metric"])'
check "$work/null.json" '[r["side"] for r in d["results"]] == ["base", "new", "control"]'

# What counts system calls may have to be mounted first, for the one command alone.
counting=()
can_count() { "${counting[@]}" "$proctor" doctor | grep '^yes  tracepoint counters' >/dev/null; }
can_count || counting=(unshare --mount sh -c 'mount -t tracefs none /sys/kernel/tracing && exec "$@"' sh)
echo_server="$proctor serve epoll --protocol echo --port {port}"
if [ -n "$burn" ] && can_count; then
    expect 1 'server_syscalls_per_request .* worse' "${counting[@]}" "$proctor" compare \
        "env $echo_server" "env LD_PRELOAD=$burn BURN_CALLS=1 $echo_server" --clients 2 \
        --budget 1s --slice 50ms --json "$work/calls.json"
    check "$work/calls.json" '[0.5 < c["new"] - c["base"] < 1.5 for c in d["comparisons"] if "syscalls" in c["metric"]] == [True]'
fi
# Where few requests are answered, what is done once does not look like calls.
cat >"$work/tardy.py" <<'PY'
import socketserver, sys, time
class Tardy(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(65536):
            time.sleep(0.01)
            self.request.sendall(data)
socketserver.ThreadingTCPServer.daemon_threads = True
socketserver.ThreadingTCPServer(("127.0.0.1", int(sys.argv[1])), Tardy).serve_forever()
PY
tardy="exec python3 $work/tardy.py {port}"
can_count || counting=()
"${counting[@]}" "$proctor" compare "$tardy" "$tardy" --clients 2 --budget 1s --json "$work/tardy.json" \
    >"$work/out" || fail "a slow server is worse than itself: $(cat "$work/out")"

if [ -n "$burn" ]; then
    expect 1 'bytes_per_connection .* worse' "$proctor" compare "env $echo_server" \
        "env LD_PRELOAD=$burn BURN_BYTES=16384 $echo_server" --budget 1s --slice 50ms \
        --json "$work/bytes.json"
    check "$work/bytes.json" '[c["new"] - c["base"] > 12000 for c in d["comparisons"] if c["metric"].startswith("bytes")] == [True]'
fi
end_of_test 'suites, troubles and counts as they must be'
