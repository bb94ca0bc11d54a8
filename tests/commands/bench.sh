#!/usr/bin/env bash
# `proctor bench` and `proctor compare` from the command line: suites, and what they say; their documents
# are looked at in test_bench.py.
#
# Usage: bench.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
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
refused 2 "unknown key 'rownds'; did you mean 'rounds'" <<<$'title: a\nrownds: 3\ncells: [{clients: [1]}]'
refused 1 "'cells' is missing" <<<'title: a'
refused 3 "'clients' must be a list" <<<$'title: a\ncells:\n  - clients: 5'
refused 3 "'clients' must be a count" <<<$'title: a\ncells:\n  - clients: [many]'
refused 4 "'protocol' must be echo" <<<$'title: a\ncells:\n  - clients: [1]\n    protocol: smtp'
refused 4 'must rise' <<<$'title: a\ncells:\n  - clients: [1]\n    rate: [2k, 1k]'
refused 2 'duplicate ' <<<$'title: a\ncells: [{clients: [1]}, {clients: [1]}]'
refused 2 '5 repetitions need as many rounds' \
    <<<$'title: a\nrepetitions: 5\nrounds: 2\ncells: [{clients: [1]}]'
refused 2 "'rounds' must be at least 1" <<<$'title: a\nrounds: 0\ncells: [{clients: [1]}]'
refused 2 "'repetitions' must be at least 1" \
    <<<$'title: a\nrepetitions: 0\ncells: [{clients: [1]}]'
refused 2 "'slice' must be a time" <<<$'title: a\nslice: soon\ncells: [{clients: [1]}]'
refused 2 'not valid YAML' <<<'{'
refused 2 "unknown model 'epol'" <<<$'title: a\nmodels: [epol]\ncells: [{clients: [1]}]'
expect 2 "unknown suite 'quik'; did you mean 'quick'" "$proctor" bench --suite quik
expect 2 'file or directory' "$proctor" bench --suite "$work/nowhere.yaml"
# Before anything is measured.
expect 3 'cannot write /nowhere/x' "$proctor" bench --models epoll --json /nowhere/x
expect 3 'cannot write /nowhere/x' "$proctor" compare epoll epoll --json /nowhere/x
expect 2 'is not UTF-8' "$proctor" bench --against $'caf\xe9=./server {port}'
expect 2 'is not UTF-8' "$proctor" compare epoll $'./caf\xe9 {port}'

expect 0 '^best by .*.2 repetitions are too few' "$proctor" bench --models epoll,poll --clients 2 \
    --rounds 2 --repetitions 2 --slice 20ms
expect 2 '--resume' "$proctor" bench --resume

### Servers of others

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

### Counting

# Where nobody has mounted the trace file system, root reads what it needs from a mount of its own.
here=/sys/kernel/tracing
if [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null; then
    expect 0 '^yes  tracepoint counters' unshare -m sh -c \
        "while umount $here 2>/dev/null; do :; done; exec '$proctor' doctor"
else
    echo 'not root here: the trace file system without a mount is not tested'
fi

### Comparing

expect 2 'BASE and NEW' "$proctor" compare epoll
expect 2 'only two servers can be compared' "$proctor" compare epoll poll select
expect 2 'neither a model' "$proctor" compare epoll './new'
expect 2 'above 1%' "$proctor" compare epoll epoll --must-catch 0.5%
expect 3 'base: it cannot be started' "$proctor" compare '/no/such/program {port}' epoll --clients 2
expect 1 'new: it cannot be started' "$proctor" compare epoll '/no/such/program {port}' --clients 2
"$proctor" compare epoll '/no/such/program {port}' --json "$work/absent.json" >/dev/null 2>&1 || true
"$proctor" export "$work/absent.json" --format github >"$work/out"
grep -q '^::error title=new%2C 64 clients.*::it cannot be started' "$work/out" ||
    fail "no error for a server that cannot be started: $(cat "$work/out")"

end_of_test 'all as expected'
