#!/usr/bin/env bash
# Assignment files that are wrong: each ends a grading before anything is run, with one sentence that
# names the file and the line of the trouble, and the word that was meant where one was mistyped. Those
# that are right are read.
#
# Usage: test_assignment_files.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"
shopt -s lastpipe # a file comes through a pipe, and failures are counted here
cases=0

# refused PLACE TEXT: the file $work/bad.yaml is; the sentence begins with PLACE and holds TEXT.
refused() {
    local place=$1 text=$2 got=0 begin
    begin=$(date +%s%N)
    timeout 20 "$proctor" grade "$work/bad.yaml" -- true >"$work/out" 2>"$work/err" \
        </dev/null || got=$?
    cases=$((cases + 1))
    [ "$got" -eq 2 ] || fail "exit $got, not 2: $text"
    [ ! -s "$work/out" ] || fail "something was run or printed: $text"
    [ "$(wc -l <"$work/err")" -eq 1 ] || fail "not one line: $text: $(cat "$work/err")"
    [[ $(cat "$work/err") == "proctor: grade: $work/bad.yaml:$place"*"$text"* ]] ||
        fail "not '$place … $text' but: $(cat "$work/err")"
    [ $(($(date +%s%N) - begin)) -lt 10000000000 ] || fail "refused too slowly: $text"
}

# bad LINE TEXT: the file on standard input is refused, with the trouble in LINE.
bad() {
    cat >"$work/bad.yaml"
    refused "$1: " "$2"
}

# Every file below is this one with something wrong in or after it; the words in its title stand
# where a search for a word would find them first.
head='# protocol points check expect
title:
  en: points of alice, steps, model and serves-one-client
entry: ["*.py"]
points: 3'
checks='checks:
  - check: starts-and-listens
    points: 3'

# a_key TEXT LINES...: LINES between the head and the checks. The trouble is in the first of LINES, which
# is the file's line 6, or, where TEXT is "@7 …", in line 7.
a_key() {
    local line=6
    [[ $1 != @* ]] || { line=${1%% *} line=${line#@} && set -- "${1#* }" "${@:2}"; }
    printf '%s\n' "$head" "${@:2}" "$checks" | bad "$line" "$1"
}

# The same of a check: it begins in line 9.
a_check() {
    local line=9
    [[ $1 != @* ]] || { line=${1%% *} line=${line#@} && set -- "${1#* }" "${@:2}"; }
    printf '%s\n' "$head" "$checks" "${@:2}" | bad "$line" "$1"
}

# The same of steps: they begin in line 13.
a_step() {
    local line=13
    [[ $1 != @* ]] || { line=${1%% *} line=${line#@} && set -- "${1#* }" "${@:2}"; }
    a_check "@$line $1" '  - check: serves-alice' '    title:' '      en: alice' '    steps:' \
        "${@:2}"
}
come='      - {client: alice, do: connect}'

echo 'keys' >&2
a_key "there is no key 'prot' here; did you mean 'port'?" 'prot: 9500'
a_key "there is no key 'send' here" 'send: x'
a_key "there is no key 'a list' here" '[a]: x'
a_key "there is no key '<<' here" '<<: {port: 1}'
bad 3 "there is no key 'enn' here; did you mean 'en'?" <<<$'title:\n  en: x\n  enn: y'
a_key "@7 there is no key 'knid' here; did you mean 'kind'?" 'protocol:' '  knid: echo'
a_key "@8 there is no key 'sent' here; did you mean 'send'?" 'protocol:' '  greeting:' '    sent: x'
a_key "@7 there is no key 'memory' here" 'limits:' '  memory: 5'
a_key "@7 there is no key 'cpu-' here; did you mean 'cpu-s'?" 'limits:' '  cpu-: 5'
a_check "@10 there is no key 'point' here; did you mean 'points'?" '  - check: no-spinning' '    point: 1'
a_check "@11 there is no key 'fn' here; did you mean" '  - check: no-spinning' '    title:' \
    '      fn: x' '      en: y'
a_step "@14 there is no key 'snd' here; did you mean 'send'?" "$come" '      - {client: alice, snd: x}'
a_key "@7 'port' is there twice" 'port: 9500' 'port: 9500'
a_key "'points' is there twice" 'points: 3'
a_step "@15 'client' is there twice" "$come" '      - client: alice' '        client: alice'

echo 'what is missing' >&2
bad 1 "'title' is missing" <<<'points: 1'
bad 2 "'en' is missing" <<<$'title:\n  fr: x\npoints: 1'
bad 1 "'checks' is missing" <<<$'title: {en: x}\nentry: [a]\npoints: 1'
bad 1 "'points' is missing" <<<$'title: {en: x}\nentry: [a]\nchecks: [{check: no-spinning}]'
a_check "'check' is missing" '  - points: 1'
a_key "@7 'expect' is missing" 'protocol:' '  greeting: {send: x}'
a_key "'model' must be a word, and is nothing" 'model:'

echo 'types' >&2
a_key "'port' must be a whole number, not 'high'" 'port: high'
a_key "'port' must be a number, and is a list" 'port: [1]'
a_key "'port' must be a number, and is keys with values" 'port: {a: 1}'
a_key "'port' cannot be 65536: that does not fit" 'port: 65536'
a_key "'port' cannot be -1: that does not fit" 'port: -1'
a_key "'port' must be a whole number, not '12abc'" 'port: 12abc'
a_key "'port' must be a whole number, not '0x50'" 'port: 0x50'
a_key "'port' must be a whole number, not '1.5'" 'port: 1.5'
a_key "'model' must be a word, and is a list" 'model: [thread]'
a_key "'type' must be a list, and is a word" 'type: hello'
a_key "an entry of type' must be a word, and is a list" 'type: [[a]]'
a_key "'type' has 0 entries, and needs 1" 'type: []'
a_key "'protocol' must be keys with values, and is a word" 'protocol: echo'
a_key "'talk' is called 'protocol' now" 'talk: {kind: echo}'
a_key "'protocol' must be keys with values, and is nothing" 'protocol:'
a_key "'without-io-uring' is neither true nor false" 'without-io-uring: maybe'
a_key "'limits' must be keys with values, and is a list" 'limits: [1]'
a_key "@7 'cpu-s' goes from 0" 'limits:' '  cpu-s: -1'
a_key "@7 'memory-mb' goes from 0" 'limits:' '  memory-mb: 9223372036854775807'
a_key "@7 'processes' cannot be 9223372036854775808" 'limits:' '  processes: 9223372036854775808'
a_check "@10 'points' must be a number, not 'many'" '  - check: no-spinning' '    points: many'
a_check "@10 'points' must be a number, not 'nan'" '  - check: no-spinning' '    points: nan'
a_check "@10 'points' must be a number, not '1e999'" '  - check: no-spinning' '    points: 1e999'
a_check "@10 -1 points are less than none" '  - check: no-spinning' '    points: -1'
a_check "an entry of checks' must be keys with values, and is a word" '  - no-spinning'
bad 1 "'an assignment' must be keys with values, and is a word" <<<'echo'
bad 1 "'an assignment' must be keys with values, and is a list" <<<'[echo]'
printf '%s\n' "$head" 'checks: starts-and-listens' | bad 6 "'checks' must be a list"
printf '%s\n' "$head" 'checks: []' | bad 6 "'checks' has 0 entries, and needs 1"

echo 'words' >&2
a_key "'role' cannot be 'sever'; did you mean 'server'?" 'role: sever'
a_key "'keyboard' cannot be 'loud'; it is one of silent, closed" 'keyboard: loud'
a_key "'isolation' cannot be 'netwrok'; did you mean 'network'?" 'isolation: netwrok'
a_key "@7 'kind' cannot be 'ecko'; did you mean 'echo'?" 'protocol:' '  kind: ecko'
a_key "there is no model 'tread'; did you mean 'thread'?" 'model: tread'
a_key "there is no model 'blockchain'" 'model: blockchain'
a_key "there is no such end 'first-cleint'; did you mean 'first-client'?" 'ends-when: first-cleint'
a_check "@10 'visibility' cannot be 'hiden'; did you mean 'hidden'?" '  - check: no-spinning' \
    '    visibility: hiden'
a_check "@10 'inconclusive' cannot be 'nopoints'; did you mean 'no-points'?" '  - check: no-spinning' \
    '    inconclusive: nopoints'
a_step "'do' cannot be 'conect'; did you mean 'connect'?" '      - {client: alice, do: conect}'
a_step "@14 'expect-event' cannot be 'ende'; did you mean 'end'?" "$come" \
    '      - {client: alice, expect-event: ende}'

echo 'how it is run' >&2
a_key "{entri} stands for nothing; did you mean '{entry}'?" 'run: python3 {entri}'
a_key 'which port? {port}' 'run: python3 {entry} {port}'
bad 2 "which file is the submission's?" <<<$'title: {en: x}\nrun: cat {entry}\npoints: 0\nchecks: [{check: no-spinning}]'
bad 1 "which file is the submission's?" <<<$'title: {en: x}\npoints: 0\nchecks: [{check: no-spinning}]'
a_key 'which port does the client come to?' 'role: client'
a_key "'prefix' is missing" 'protocol: {kind: prefix}'
a_key "'ask' is missing" 'protocol:' '  kind: exchange'
a_key "'answer' is missing" 'protocol:' '  kind: exchange' '  ask: x'
a_key "@8 {tokn} stands for nothing; known is {token}" 'protocol:' '  kind: exchange' '  ask: "{tokn}"' \
    '  answer: "{token}"'

echo 'checks' >&2
a_check "there is no check 'no-spining'; did you mean 'no-spinning'?" '  - check: no-spining'
a_check "there is no check 'answers-well'" '  - check: answers-well'
a_check "a check must have a name" '  - check: ""'
a_check "the check 'starts-and-listens' is there twice" '  - check: starts-and-listens'
a_check "@9 the check 'is-model' needs the key 'model'" '  - check: is-model'
a_check "the check 'ends-when' needs the key 'ends-when'" '  - check: ends-when'
a_check "the check 'stop-word-ends-session' needs the key 'stop-word'" '  - check: stop-word-ends-session'
a_check "the check 'serves-alice' has steps and no title" '  - check: serves-alice' '    steps:' "$come"
a_key "'run' is empty" 'run: ""'
a_check "'builds' has steps, but proctor has a check of that name" '  - check: builds' \
    '    title: {en: x}' '    steps:' "$come"
a_check "'no-spinning' has steps, but proctor has a check of that name" '  - check: no-spinning' \
    '    title: {en: x}' '    steps:' "$come"
a_check "@10 there is no check 'serves-one-cleint'; did you mean 'serves-one-client'?" \
    '  - check: no-spinning' '    needs: serves-one-cleint'
a_check "@10 'later' must come before the check that needs it" '  - check: no-spinning' \
    '    needs: later' '  - check: later' '    title: {en: later}' '    steps:' "$come"
a_check "@10 the check 'no-spinning' would have to come before itself" '  - check: no-spinning' \
    '    needs: no-spinning'
a_check "@11 the check 'no-close-wait' would have to come before itself" '  - check: no-spinning' \
    '  - check: no-close-wait' '    needs: half-close-answered' '  - check: half-close-answered' \
    '    needs: no-close-wait'
printf '%s\n' "$head" 'checks:' '  - check: no-spinning' '    points: 2' |
    bad 5 'the points of the checks add up to 2, not to 3'
printf '%s\n' "$head" 'role: client' 'port: 1' "$checks" |
    bad 9 "the check 'starts-and-listens' has no steps"

echo 'steps' >&2
a_step "@14 a step does or expects exactly one thing, and here are 2" "$come" \
    '      - {client: alice, send: x, expect: y}'
a_step "@14 exactly one thing, and here are 0" "$come" '      - {client: alice}'
a_step "@14 'client' is missing" "$come" '      - {send: x}'
a_step "@14 the client 'bob' has not come yet" "$come" '      - {client: bob, send: x}' \
    '      - {client: bob, do: connect}'
a_step "@14 the client 'alice' has come already" "$come" "$come"
for end in close reset; do
    a_step "@15 the client 'alice' has gone: of it only states" "$come" "      - {client: alice, do: $end}" \
        '      - {client: alice, expect-event: end}'
done
a_step "@15 the client 'alice' has ended its side" "$come" '      - {client: alice, do: half-close}' \
    '      - {client: alice, send: x}'
a_step "@14 'expect' is empty" "$come" '      - {client: alice, expect: ""}'
a_step "with 'do: connect'" '      - {client: alice, do: accept}'
printf '%s\n' "$head" 'role: client' 'port: 9500' 'checks:' '  - check: alice' '    points: 3' \
    '    title: {en: x}' '    steps:' "$come" | bad 13 "with 'do: accept'"
a_step "@14 the pattern 'a(b' is none:" "$come" '      - {client: alice, expect-pattern: "a(b"}'
a_step "@14 the pattern '[z-a]' is none:" "$come" '      - {expect-output-pattern: "[z-a]"}'
a_step "@15 {tokne} stands for nothing; known are {token}" "$come" '      - client: alice' \
    '        send: "{tokne}"'
a_step "@14 {port:bob} stands for nothing" "$come" '      - {expect-output: "{port:bob}"}'
a_step "@14 there is no TCP state 'ESTABLISED'; did you mean 'ESTABLISHED'?" "$come" \
    '      - {client: alice, expect-states: [ESTABLISED, CLOSED]}'
a_step "@14 there is no TCP state 'FINISHED'" "$come" \
    '      - {client: alice, expect-states: [FIN_WAIT_2, finished]}'
a_step "@14 'expect-states' has 1 entries, and needs 2" "$come" \
    '      - {client: alice, expect-states: [CLOSED]}'
a_step "@14 'expect-states' has 3 entries, and may have 2" "$come" \
    '      - {client: alice, expect-states: [CLOSED, CLOSED, CLOSED]}'
a_step "@14 no program ends with 256" "$come" '      - {expect-exit: 256}'
a_step "@14 no program ends with -1" "$come" '      - {expect-exit: -1}'
a_step "-1 points are less than none" '      - {client: alice, do: connect, points: -1}'
a_check "@11 the points of the steps add up to 2, not to 1" '  - check: alice' '    title: {en: x}' \
    '    points: 1' '    steps:' '      - {client: alice, do: connect, points: 2}'
a_check "@12 'steps' has 501 entries, and may have 500" '  - check: alice' '    title: {en: x}' \
    '    steps:' "$(for _ in {1..501}; do echo '      - {do: settle}'; done)"

echo 'files' >&2
bad 1 'there is nothing in it' </dev/null
bad 1 'there is nothing in it' <<<'# a comment'
bad 1 'there is nothing in it' <<<'---'
printf '%s\n' "$head" $'protocol:\n\tkind: echo' "$checks" | bad 7 'this is no YAML'
printf '%s\n' "$head" 'model: "thread' "$checks" | bad 10 'this is no YAML: found unexpected end'
printf '%s\n' "$head" "model: {thread" "$checks" | bad 7 'this is no YAML'
printf '%s\n' "$head" $'model: "\xff\xfe"' "$checks" | bad 6 'this is no YAML: invalid leading UTF-8'
printf '%s\n' "$head" $'model: "\x01"' "$checks" | bad 6 'this is no YAML: control characters'
printf '%s\0' "$head" "$checks" | bad 5 'this is no YAML'
printf '%s\n' "$head" 'model: "a\0b"' "$checks" | bad 6 "'model' has a NUL in it"
printf '%s\n' "$head" 'model: "a\nb\e[31m"' "$checks" | bad 6 'there is no model'
printf '%s\n' "$head" "$checks" --- "$head" "$checks" | bad 9 'a second document begins'
a_key "@7 an alias ('*name') has no place" 'model: &a thread' 'run: *a'
{
    echo 'a: &a [x, x, x, x, x, x, x, x, x]'
    previous=a
    for letter in b c d e f g h i j; do
        echo "$letter: &$letter [*$previous, *$previous, *$previous, *$previous, *$previous]"
        previous=$letter
    done
} | bad 2 'an alias'
head -c 200000 /dev/zero | tr '\0' '[' | bad 1 'lists and keys lie too deep'
printf -- '- {a: b}%.0s\n' {1..90000} | bad 1 "must be keys with values, and is a list"
head -c 2000000 /dev/zero | tr '\0' '#' >"$work/bad.yaml"
refused '' 'too long for an assignment'
rm "$work/bad.yaml" && mkdir "$work/bad.yaml"
refused '' 'Is a directory'
rmdir "$work/bad.yaml"
refused '' 'No such file'
expect 2 "there is no assignment 'tp1-treads'; did you mean 'tp1-threads'\\?" \
    "$proctor" grade tp1-treads -- true
expect 2 "there is no assignment 'blockchain'; 'proctor list assignments'" \
    "$proctor" grade blockchain -- true

# Those that ship, and each whole assignment in the documentation, are right: `true` is graded by them,
# and fails.
awk -v folder="$work" '/^```yaml/ {number++; inside = 1; next} /^```/ {inside = 0}
    inside {print > (folder "/example-" number ".yaml")}' ../docs/assignments.md
right=0
for file in ../assignments/*.yaml "$work"/example-*.yaml; do
    grep -q '^title:' "$file" || continue
    expect 1 'of [0-9]+ points' "$proctor" grade "$file" -- true
    right=$((right + 1))
done
[ "$right" -ge 6 ] || fail "only $right assignments found"

echo "$cases files refused, $right taken"
end_of_test 'all as expected'
