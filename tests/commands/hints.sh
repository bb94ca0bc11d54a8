#!/usr/bin/env bash
# Hints follow from what was seen: each row of hints.tsv; a blocked client behind a greeting; an
# assignment's own hint, which is not for a server that ended. And how those ended that a verdict
# follows from: programs, processes and threads.
#
# Usage: hints.sh PROCTOR; ONLY=PATTERN takes the rows whose server matches it
set -euo pipefail
proctor=$(realpath "$1")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"
# shellcheck source=tests/commands/corpus.sh
. commands/corpus.sh
corpus_built=$work/built
mkdir "$corpus_built"

### The table

# grade_once SERVER OPTIONS CHECK: its document, $document.
grade_once() {
    local options program
    program=$corpus_built/$(basename "${1%.c}")
    if [[ $1 == *.c && ! -e $program ]]; then
        "${CC:-cc}" -std=gnu17 -D_GNU_SOURCE -I.. -O1 -pthread -o "$program" "$1"
    fi
    corpus_command "$1"
    read -ra options <<<"$2"
    document=$work/$(basename "$1").$3.json
    [ -e "$document" ] || "$proctor" grade checks --only "$3" "${options[@]}" --json "$document" -- \
        "${words[@]}" >/dev/null 2>&1 </dev/null || true
}

while IFS='|' read -r server options check wanted; do
    [[ $server == *${ONLY:-}* ]] || continue
    grade_once "$server" "$options" "$check"
    hint=$(jq -r --arg check "$check" '.checks[] | select(.id == $check and .verdict == "fail") | .hint' "$document")
    [ -n "$hint" ] || fail "$server does not fail $check"
    case $wanted in
    !*) [[ $hint != *"${wanted#!}"* ]] || fail "$server, $check: the hint says '${wanted#!}': $hint" ;;
    *) [[ $hint == *"$wanted"* ]] || fail "$server, $check: the hint does not say '$wanted': $hint" ;;
    esac
done < <(grep -v '^#' hints.tsv | tr '\t' '|')

### Behind a greeting

cat >"$work/greeting.yaml" <<'END'
title: {en: A server that greets}
run: "true"
protocol:
  kind: echo
  greeting: [{send: "HELLO\n"}, {expect: "WELCOME\n"}]
points: 1
checks:
  - {check: second-client-served, points: 1}
END
sed 's/second-client-served/second-client-waits/' "$work/greeting.yaml" >"$work/waits.yaml"
expect 1 'the second client is blocked' "$proctor" grade "$work/greeting.yaml" -- python3 wrong/welcomes_in_turn.py
grep -q 'hint: No other client is served while one is silent' "$work/out" || fail "greeting: $(cat "$work/out")"
expect 0 'served while the first is silent' "$proctor" grade "$work/greeting.yaml" -- python3 right/welcomes.py
expect 0 'waits, and is served when the first leaves' "$proctor" grade "$work/waits.yaml" -- \
    python3 wrong/welcomes_in_turn.py
expect 1 'the second client does not wait' "$proctor" grade "$work/waits.yaml" -- python3 right/welcomes.py

### An assignment's own hint

cat >"$work/own.yaml" <<'END'
title: {en: A session has an end}
run: "true"
points: 1
checks:
  - check: ends
    needs: starts-and-listens
    title: {en: "'fin' ends the session"}
    hint: {en: Compare in small letters.}
    points: 1
    steps:
      - {client: alice, do: connect}
      - {client: alice, send: "fin\n"}
      - {client: alice, expect-event: end}
      - {client: bob, do: connect}
      - {client: bob, send: "{token}\n"}
      - {client: bob, expect: "{token}\n"}
END
expect 1 'hint: Compare in small letters' "$proctor" grade "$work/own.yaml" -- python3 wrong/stop_word_in_capitals.py
expect 1 'hint: It ended in order, as if it were done' "$proctor" grade "$work/own.yaml" -- \
    python3 wrong/ends_at_stop_word.py
! grep -q 'Compare' "$work/out" || fail 'the hint for another fault'

### Last words

cat >"$work/answers.yaml" <<'END'
title: {en: A line is answered}
run: "true"
points: 1
checks:
  - check: answers
    needs: starts-and-listens
    title: {en: a line is answered}
    points: 1
    steps:
      - {client: alice, do: connect}
      - {do: settle} # who serves her is seen before it dies
      - {client: alice, send: "{token}\n"}
      - {client: alice, expect: "{token}\n"}
END
# dies TEXT HOW: what serves alice dies so, in a scene; the evidence says TEXT.
dies() {
    cat >"$work/dies.py" <<END
import os, signal, socket, threading

def serve(client):
    client.recv(100)
    $2

with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        client, _ = listener.accept()
        $3
        client.close()
END
    expect 1 "$1" "$proctor" grade "$work/answers.yaml" -- python3 "$work/dies.py"
}
in_child='if os.fork() == 0: serve(client)'
dies 'the submission ended with exit code 7' 'os._exit(7)' 'serve(client)'
dies 'the submission was ended by signal 11 \(Segmentation fault\)' 'os.kill(os.getpid(), 11)' 'serve(client)'
dies 'ZeroDivisionError: division by zero' '1 / 0' 'serve(client)'
dies 'was ended by signal 11 \(Segmentation fault\), and nothing has waited for it' 'os.kill(os.getpid(), 11)' "$in_child"
dies 'has ended with exit code 7, and nothing has waited for it' 'os._exit(7)' "$in_child"
dies 'process [0-9]+ \(python3\) has ended meanwhile' 'os._exit(7)' "if os.fork() == 0: serve(client)
        client.close()
        os.wait()"
dies 'it printed meanwhile: Exception in thread|ZeroDivisionError: division by zero' '1 / 0' \
    'threading.Thread(target=serve, args=(client,)).start(); continue'
# What was printed before says nothing of it.
dies "no answer" 'client.close()' 'serve(client)'
! grep -q 'printed meanwhile' "$work/out" || fail "words of before: $(cat "$work/out")"

end_of_test 'hints and last words as they should be'
