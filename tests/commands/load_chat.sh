#!/usr/bin/env bash
# What `load --protocol chat` finds out about a chat: who has heard what. Each fault of chat_server.py
# is named for what it is, with either engine, and a right one has none.
#
# Usage: load_chat.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"

# The counts of the document must agree with each other; then FILTER must hold of them.
counts() { # WHAT, FILTER
    jq -e '.results[0] | . as $all | .requests.messages |
        .confirmed + .unconfirmed == .heard + .missed + .unheard and
        .confirmed == $all.requests.answered and '"($2)" "$work/load.json" >/dev/null ||
        fail "$1: $(jq -c '.results[0].requests' "$work/load.json")"
}

load() { # ENGINE, FURTHER WORDS...
    "$proctor" load "$address" --protocol chat --clients 4 --threads 2 --warmup 0 --duration 50ms \
        --engine "$1" --json "$work/load.json" "${@:2}"
}

# FAULT | EXIT CODE | WHAT IS SAID | WHAT HOLDS OF THE COUNTS
faults=('none|0| 0 by nobody$|.heard == .confirmed and .heard > 0'
    'twice|1|hear: a duplicate reply|.heard == .confirmed'
    'other|1|hear: a reply that belongs to another client|.heard < .confirmed and .heard > 0'
    'nobody|1|hear: a message that its listener did not hear|.missed > 0 and .heard > 0'
    'last|1| 0 heard by the one they were for|.heard == 0 and .unheard == .confirmed'
    'changed|1|hear: a reply with wrong bytes|.heard < .confirmed and .heard > 0'
    'silent|0|of them not confirmed at the end|.unconfirmed > 0 and .unheard == 0'
    'in-use|1|4 of them: "IN-USE"|.')

engines=(epoll)
"$proctor" list models | grep -q '^io_uring .*not ' || engines+=(io_uring)
for engine in "${engines[@]}"; do
    for row in "${faults[@]}"; do
        IFS='|' read -r fault code text filter <<<"$row"
        start python3 support/chat_server.py "$fault"
        expect "$code" "$text" load "$engine"
        [ "$fault" = in-use ] || counts "$engine $fault" "$filter"
        stop
    done
done

# One client speaks to itself, many keep the circles of their threads; in an open loop, too.
start "$proctor" serve epoll --protocol chat
expect 0 ' 0 by nobody$' load epoll --clients 1 --threads 1 --size 27
expect 0 ' 0 by nobody$' load epoll --clients 7 --threads 3 --depth 8 --size 1000 --idle 3
expect 0 ' 0 by nobody$' load epoll --clients 5 --threads 5 --rate 1000
expect 2 'chat: a message has 27 to 65000 bytes' load epoll --size 26
expect 2 'chat: its clients stay and listen' load epoll --requests-per-connection 5
expect 2 'chat: its clients stay and listen' load epoll --slow-readers 5
stop
printf 'title: chats\ncells:\n  - {clients: [4], protocol: chat, requests-per-connection: 5}\n' >"$work/suite.yaml"
expect 2 'suite.yaml:3: chat: its clients stay' "$proctor" bench --models epoll --suite "$work/suite.yaml"
# Where no other can come in, those who are not let in are no clients that were never served.
start "$proctor" serve sequential --protocol chat
expect 1 '3 failed in phase connect: Connection timed out' load epoll --threads 1 \
    --connect-timeout 300ms
stop
end_of_test 'it is known who has heard what'
