#!/usr/bin/env bash
# What `serve` and `load` both speak, each from code of its own: every model with every protocol under
# a short load. Nothing fails, everybody is served, and each byte is as it must be. And a store in a
# file: what was answered is there after a kill of the server.
#
# Usage: both_sides.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"

# OPTIONS OF SERVE | OPTIONS OF LOAD
pairs=('--protocol echo --frame u8 | --protocol echo --frame u8'
    '--protocol echo --frame u32 | --protocol echo --frame u32 --size 20k'
    '--protocol prefix --frame u16 --prefix + | --protocol exchange --frame u16 --send hello --expect +hello'
    '--protocol exchange --answer +PONG\r\n | --protocol exchange --send PING --expect +PONG'
    '--protocol exchange --answer +PONG --frame u32 | --protocol exchange --send PING --expect +PONG --frame u32 --depth 4'
    '--protocol key-value | --protocol key-value --depth 4'
    '--protocol chat | --protocol chat --depth 4 --rate 2000/s'
    '--protocol chat | --protocol chat --size 3000 --rate 400/s'
    '--protocol key-value | --protocol key-value --size 3000 --requests-per-connection 10')

for model in $("$proctor" list models | cut -d ' ' -f 1); do
    clients=4
    [ "$model" != sequential ] || clients=1
    for pair in "${pairs[@]}"; do
        read -ra serve <<<"${pair%|*}"
        read -ra load <<<"${pair#*|}"
        start "$proctor" serve "$model" --workers "$clients" "${serve[@]}"
        expect 0 "$clients connected, $clients served" "$proctor" load "$address" \
            --clients "$clients" --warmup 0 --duration 50ms --engine epoll "${load[@]}"
        grep -qE ' [1-9][0-9]* answered, 0 failed' "$work/out" || fail "$model $pair: $(cat "$work/out")"
        stop
    done
done

# A server that answers otherwise is found out.
start "$proctor" serve epoll --protocol prefix --prefix OK
expect 1 'failed in phase' "$proctor" load "$address" --protocol key-value --duration 50ms
stop
expect 2 'too long for a length of 8 bits' "$proctor" load "$address" --frame u8 --size 256
expect 2 '--frame: only with --protocol' "$proctor" load "$address" --frame u8 --protocol http
expect 2 "'u64' is not u8, u16 or u32" "$proctor" serve epoll --frame u64
expect 2 'a frame has no end' "$proctor" serve epoll --protocol prefix --frame u8 --line-end ''
expect 2 'needs --answer' "$proctor" serve epoll --protocol exchange
expect 2 '--line-end: only with --protocol sink, prefix' "$proctor" serve epoll --line-end x

# Says each line, and prints as many that come back.
talk() {
    exec 3<>"/dev/tcp/${address%:*}/${address##*:}"
    printf '%s\n' "$@" >&3
    head -n "$#" <&3
    exec 3>&-
}

for model in fork epoll; do
    start "$proctor" serve "$model" --protocol key-value --store "$work/$model.store"
    expect 2 'another server uses it' "$proctor" serve epoll --protocol key-value \
        --store "$work/$model.store"
    expect 0 . talk 'set a 1' 'set b two words' 'del a'
    kill -KILL "$server"
    wait "$server" 2>/dev/null || true
    start "$proctor" serve "$model" --protocol key-value --store "$work/$model.store"
    expect 0 'VALUE two words' talk 'get b'
    expect 0 NONE talk 'get a'
    stop
done
end_of_test 'every model speaks as it is spoken to'
