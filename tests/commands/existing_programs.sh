#!/usr/bin/env bash
# Programs that know nothing of proctor talk to its servers: netcat, telnet, curl, wrk,
# redis-benchmark, and Python clients written after the course work. Every model serves each.
#
# Usage: existing_programs.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
cd "$(dirname "$0")/.."
# shellcheck source=tests/commands/not_tested.sh
. commands/not_tested.sh
work=$(mktemp -d)
server=
finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
failures=0

fail() {
    echo "FAILED: $model: $*" >&2
    failures=$((failures + 1))
}

# start OPTIONS...: a server of this model; its output is in descriptor 5.
start() {
    mkfifo "$work/output"
    "$proctor" serve "$model" "$@" >"$work/output" 2>"$work/err" &
    server=$!
    exec 5<"$work/output"
    rm "$work/output"
    local address
    read -r _ _ address _ <&5
    host=${address%:*}
    port=${address##*:}
}

stop() {
    kill "$server"
    wait "$server" || fail "ends with $?: $(cat "$work/err")"
    server=
    exec 5<&-
}

# same WHAT EXPECTED GOT
same() {
    [ "$2" = "$3" ] || fail "$1: '$3', not '$2'"
}

has() { command -v "$1" >/dev/null || { not_tested "a client: no $1" && false; }; }

python_clients() {
    start --protocol prefix --prefix 'server got: ' --line-end ''
    same 'line client' $'server got: Hallo\nserver got: Welt' \
        "$(printf 'Hallo\nWelt\n' | python3 clients/lines.py "$host" "$port")"
    stop
    start --protocol prefix --prefix 'server got: '
    same 'line client with newlines' $'server got: Hallo\nserver got: Welt' \
        "$(printf 'Hallo\nWelt\n' | python3 clients/lines.py "$host" "$port" newline)"
    stop

    start --protocol sink --stop-word fin --line-end ''
    mkfifo "$work/keyboard"
    python3 clients/talk.py "$host" "$port" <"$work/keyboard" &
    local client=$! line
    exec 6>"$work/keyboard"
    rm "$work/keyboard"
    for word in bonjour 'tout le monde' ' Fin '; do
        echo "$word" >&6
        read -r line <&5 # what is typed next comes after it was read
        same 'talking client' "${word%% }" "${line#*: }"
    done
    exec 6>&-
    wait "$client" || fail 'talking client'
    stop

    mkdir -p "$work/objects"
    python3 -c 'import pickle, sys
pickle.dump({"id": 7, "text": "x" * 300000}, open(sys.argv[1], "wb"))' "$work/objects/film"
    start --protocol login --users support/served_users --objects "$work/objects" --line-end ''
    same 'pickle client' \
        $'Nombre de connecté au server: 1\nobject 7 of 300000 letters' \
        "$(python3 clients/pickle_client.py "$host" "$port" user se:cret film)"
    stop

    start --protocol command --allow-remote-commands
    same 'remote commands' $'a\nnowhere: no such command\n2' \
        "$(printf 'echo a\nnowhere\nexpr 1 + 1\n' | python3 clients/lines.py "$host" "$port" newline)"
    stop
}

netcat_and_telnet() {
    start --protocol echo
    if has nc; then
        same netcat $'a\nb' "$(printf 'a\nb\n' | nc -N "$host" "$port")"
    fi
    if has telnet; then
        mkfifo "$work/keyboard"
        mkfifo "$work/screen"
        telnet "$host" "$port" <"$work/keyboard" >"$work/screen" 2>/dev/null &
        local client=$! line=
        exec 6>"$work/keyboard" 7<"$work/screen"
        rm "$work/keyboard" "$work/screen"
        echo 'hello telnet' >&6
        while [ "${line%$'\r'}" != 'hello telnet' ]; do
            read -r -t 20 line <&7 || break
        done
        same telnet 'hello telnet' "${line%$'\r'}"
        exec 6>&- 7<&-
        wait "$client" || true
    fi
    stop
}

http_clients() {
    start --protocol http
    if has curl; then
        same curl $'hello, world\nhello, world' \
            "$(curl --silent --show-error "http://$host:$port/a" "http://$host:$port/b")"
        same 'curl, HTTP/1.0' 'hello, world' \
            "$(curl --silent --show-error --http1.0 "http://$host:$port/")"
        same 'curl, POST' 405 \
            "$(curl --silent --output "$work/page" --write-out '%{http_code}' --data x \
                "http://$host:$port/")"
    fi
    if has wrk; then # one connection: a model may serve as few
        wrk -t 1 -c 1 -d 1s "http://$host:$port/" >"$work/wrk"
        grep -qE '[1-9][0-9]* requests in' "$work/wrk" || fail "wrk: $(cat "$work/wrk")"
        ! grep -qE 'Socket errors|Non-2xx' "$work/wrk" || fail "wrk: $(cat "$work/wrk")"
    fi
    stop
}

# Its inline commands are lines, and "+" before a line makes an answer of the redis protocol.
redis_benchmark() {
    has redis-benchmark || return 0
    start --protocol prefix --prefix +
    timeout 60 redis-benchmark -h "$host" -p "$port" -t ping_inline -n 1000 -c 1 --csv \
        >"$work/redis" 2>&1 || fail "redis-benchmark: $(cat "$work/redis")"
    grep -q '^"PING_INLINE","[1-9]' "$work/redis" || fail "redis-benchmark: $(cat "$work/redis")"
    stop
}

for model in $("$proctor" list models | cut -d ' ' -f 1); do
    before=$failures
    python_clients
    netcat_and_telnet
    http_clients
    redis_benchmark
    [ "$failures" -gt "$before" ] || echo "$model serves them all"
done
exit "$((failures > 0))"
