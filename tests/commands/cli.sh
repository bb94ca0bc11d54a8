#!/usr/bin/env bash
# The command line from end to end: exit codes and messages.
#
# Usage: cli.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"

### Checks

expect 2 "--only: unknown check 'nonsense'" "$proctor" grade checks --only nonsense -- true
expect 2 'is called --protocol now' "$proctor" grade checks --dialect prints -- true
expect 2 "unknown protocol 'french'; use echo, prefix:TEXT or sink" "$proctor" grade checks --protocol french -- true
expect 2 "unknown assignment 'everything'" "$proctor" grade everything -- true
expect 0 'pass +a client is served: served' "$proctor" grade checks --only serves-one-client -- \
    "$proctor" serve epoll
expect 0 'the stop word ends the session and nothing else' "$proctor" grade checks --stop-word fin \
    --only stop-word-ends-session,second-client-waits --protocol sink -- \
    "$proctor" serve sequential --protocol sink --stop-word fin
expect 0 'two messages sent together are answered' "$proctor" grade checks --protocol prefix:+ \
    --only merged-messages -- "$proctor" serve select --protocol prefix --prefix +
expect 1 'fail +a second client waits' "$proctor" grade checks --only second-client-waits -- \
    "$proctor" serve epoll
expect 0 'slow-reader-stalls-nobody' "$proctor" list checks
# Every model that can be served is one that can be asked for.
while read -r model _; do
    expect 2 "cannot run '/no/such/program'" "$proctor" grade checks --model "$model" -- \
        /no/such/program
done < <("$proctor" list models)
expect 2 "--model: unknown value 'kqueue'; use sequential, .* or busy loop" "$proctor" grade checks --model kqueue -- true

### Words

expect 0 'Usage: proctor COMMAND' "$proctor" --help
expect 0 'proctor [0-9]' "$proctor" --version
expect 2 "unknown command 'sevre'" "$proctor" sevre
expect 2 'Usage' "$proctor"
for command in bench doctor grade identify list load respond serve; do
    expect 0 'Example:' "$proctor" "$command" --help
    expect 2 'nonsense' "$proctor" "$command" --nonsense
done
expect 0 'io_uring' "$proctor" list models
expect 0 'sink' "$proctor" list protocols
expect 2 'servers' "$proctor" list servers
expect 3 'standard output' bash -c "'$proctor' list models >/dev/full"
expect 0 'descriptors' "$proctor" doctor --json "$work/doctor.json"
jq -e '.findings | length >= 4' "$work/doctor.json" >/dev/null || fail 'doctor finds too little'
jq -e '(.walls | length >= 10) and all(.walls[]; .hold | IN("held", "watched", "not held")) and
    all(.walls[]; .hold != "not held" or .remedy != null)' "$work/doctor.json" >/dev/null ||
    fail 'doctor does not say what holds, or what would'

### Nonsense is refused with the option's name

expect 2 '--port' "$proctor" serve epoll --port 70000
expect 2 '--port' "$proctor" serve epoll --port http
expect 2 '--protocol' "$proctor" serve epoll --protocol smtp
expect 2 '--host' "$proctor" serve epoll --host example.org
expect 2 "unknown model 'kqueue'" "$proctor" serve kqueue
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
expect 2 "--expect: unknown value 'maybe'; use blocked or served" "$proctor" grade second-client --expect maybe -- true
expect 2 "--ends-when: unknown value 'never'" "$proctor" grade checks --ends-when never -- true
expect 2 "unknown assignment 'homework' \(see 'proctor list assignments'\)" "$proctor" grade homework -- true
expect 2 'missing SUBMISSION: .* command after --' "$proctor" grade second-client
expect 2 'missing ASSIGNMENT' "$proctor" grade
expect 2 '--only is for checks only' "$proctor" grade second-client --only serves-one-client -- true
expect 2 '--check is for an assignment only' "$proctor" grade checks --check -- true
expect 2 '--check: needs submissions' "$proctor" grade tp1-threads --check -- true
expect 2 "cannot run '/no/such/program'" "$proctor" grade second-client -- /no/such/program

### Grade

for model in thread select epoll io_uring; do
    expect 0 'first stays silent: served' "$proctor" grade second-client -- "$proctor" serve "$model"
done
expect 0 'first stays silent: blocked' "$proctor" grade second-client -- "$proctor" serve sequential
expect 1 'hint: No client is served' "$proctor" grade second-client --expect served -- \
    python3 submissions/sequential_echo.py
expect 1 'never rests' "$proctor" grade second-client --farewell "" -- \
    python3 submissions/sequential_sink.py
expect 1 'ended before it listened' "$proctor" grade second-client -- false
expect 1 'does not listen' "$proctor" grade second-client -- python3 -c 'input("port? ")'
expect 1 'turned away' "$proctor" grade second-client -- python3 submissions/turning_away.py
expect 0 'served after the first client left' "$proctor" grade second-client -- python3 wrong/reads_sixteen.py
expect 4 'left: read, but not answered' "$proctor" grade second-client --strict -- \
    python3 wrong/reads_and_closes.py
expect 0 "first client got the second client's text" "$proctor" grade second-client -- \
    python3 wrong/select_for_writing_chat.py
for expected in blocked served; do
    expect 1 'silent: accepted, but nobody reads' "$proctor" grade second-client \
        --expect "$expected" -- python3 wrong/worker_dies_at_once.py
done
expect 0 'silent: blocked' "$proctor" grade second-client -- python3 wrong/holds_a_lock.py
expect 1 'closes a silent client' "$proctor" grade second-client -- python3 submissions/receive_timeout.py
expect 4 'several ports' "$proctor" grade second-client --strict -- \
    python3 submissions/two_ports.py
expect 0 'silent: blocked' "$proctor" grade second-client --port 9501 -- \
    python3 submissions/two_ports.py
expect 0 'silent: served' "$proctor" grade second-client --port 9500 -- \
    python3 submissions/two_ports.py
expect 4 'inconclusive' "$proctor" grade second-client --strict -- \
    python3 submissions/two_ports.py

# As an ordinary user, in user namespaces, if this machine has them; where proctor was started is a
# folder that he may not enter, or may.
as_user=()
[ "$(id -u)" -ne 0 ] || as_user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
if "${as_user[@]}" unshare -Urn true 2>/dev/null; then
    cp "$proctor" submissions/*.py "$work"
    chmod -R a+rX "$work"
    mkdir "$work/shut" "$work/shut/inside" "$work/open"
    cd "$work/shut/inside"
    chmod "$([ "$(id -u)" -eq 0 ] && echo 700 || echo 0)" "$work/shut"
    expect 3 "grade: this user cannot enter the folder $work/shut; start" "${as_user[@]}" \
        "$work/proctor" grade second-client -- python3 "$work/threaded_echo.py"
    expect 0 '^no +this folder' "${as_user[@]}" "$work/proctor" doctor
    grep -q "why: this user cannot enter $work/shut (" "$work/out" || fail 'doctor names no folder'
    cd "$work/open"
    expect 0 '^yes +this folder' "${as_user[@]}" "$work/proctor" doctor
    for name in sequential_sink threaded_echo; do
        expect 0 'user namespaces' "${as_user[@]}" \
            "$work/proctor" grade second-client -- python3 "$work/$name.py"
    done
    chmod 700 "$work/shut"
else
    not_tested 'gradings as an ordinary user: no user namespaces'
fi

end_of_test "all as expected"
