#!/usr/bin/env bash
# What proctor says of its commands: on one screen each, all of it when asked, the nearest word for a
# wrong one; and the manual and the completion, which are made of the same tables.
#
# Usage: help.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"
unset ARGP_HELP_FMT

# fits FILE WHAT: on 24 lines of 80 columns.
fits() {
    [ "$(wc -l <"$1")" -le 24 ] || fail "$2: $(wc -l <"$1") lines"
    ! LC_ALL=C.UTF-8 grep -qE '^.{81}' "$1" || fail "$2: over 80 columns: $(LC_ALL=C.UTF-8 grep -E '^.{81}' "$1")"
}

### On one screen, and in full

"$proctor" 2>"$work/overview" && fail 'proctor without a command succeeds'
fits "$work/overview" proctor
"$proctor" help | cmp - "$work/overview" || fail 'proctor help says other things than proctor'
"$proctor" --help | cmp - "$work/overview" || fail 'proctor --help says other things than proctor'
commands=$(sed -nE 's/^  ([a-z]+) .*/\1/p' "$work/overview")
[ "$(wc -w <<<"$commands")" -ge 13 ] || fail "only these commands: $commands"
[ "$(head -n 9 "$work/overview" | grep -cE '^(Most used:|  (bench|compare|doctor))')" -eq 4 ] || fail 'most used come later'

"$proctor" help --write "$work/written"
for command in $commands; do
    "$proctor" "$command" --help >"$work/short" || fail "$command --help: exit $?"
    fits "$work/short" "$command --help"
    grep -q '^Example:' "$work/short" || fail "$command --help: no example"
    "$proctor" help "$command" | cmp - "$work/short" || fail "help $command differs from $command --help"
    "$proctor" "$command" --help all >"$work/all"
    for words in "$command --help=all" "help $command all"; do
        # shellcheck disable=SC2086 # words
        "$proctor" $words | cmp - "$work/all" || fail "$words differs from --help all"
    done
    # What is most used is some of it, and the manual and the completion know every option.
    sed -nE 's/^  (-., |    )--([a-z-]+).*/\2/p' "$work/all" | sort >"$work/options"
    sed -nE 's/^  (-., |    )--([a-z-]+).*/\2/p' "$work/short" | sort | comm -23 - "$work/options" | grep . &&
        fail "$command --help names options that there are not"
    tr -d '\\' <"$work/written/man1/proctor-$command.1" | sed -nE 's/^fB(-.fR, fB)?--([a-z-]+)fR.*/\2/p' |
        sed '/^help$/d' | sort | cmp - "$work/options" || fail "the manual of $command has other options"
    for option in $(cat "$work/options"); do
        grep -A 1 "^    $command)" "$work/written/completions/proctor" | grep -q -- "--$option " ||
            fail "bash does not complete $command --$option"
    done
done
grep -q 'All options: .proctor load --help all.' <("$proctor" load --help) || fail 'load does not say where the rest is'
expect 0 'proctor load --rate=' "$proctor" help --rate
expect 0 '^proctor serve --protocol=NAME$' "$proctor" help protocol
[ "$(grep -c '^proctor ' "$work/out")" -eq 5 ] || fail "help protocol: $(cat "$work/out")"

### The nearest word for a wrong one

expect 2 "unknown command 'sevre'; did you mean 'serve'\?" "$proctor" sevre
expect 2 "unknown command 'frobnicate'; 'proctor help' names all" "$proctor" frobnicate
expect 2 'load: unknown option --raet; did you mean --rate\?' "$proctor" load 127.0.0.1:1 --raet 5
expect 2 'load: unknown option --duratoin; did you mean --duration\?' "$proctor" load --duratoin=5s 127.0.0.1:1
expect 2 'grade: unknown option --laguage; did you mean --language\?' "$proctor" grade --laguage fr checks -- true
expect 2 'serve: unknown option --nonsense$' "$proctor" serve epoll --nonsense
expect 2 'doctor: unknown option --hepl; did you mean --help\?' "$proctor" doctor --hepl
expect 2 'unclear option --s: may be --size, --send, --seed, --self-test, --strict|unclear option --s: may be .*--size' \
    "$proctor" load --s 4 127.0.0.1:1
expect 2 'load: unknown option -z' "$proctor" load -c 4 -z 127.0.0.1:1
expect 2 'load: unknown option -z' "$proctor" load -c4 -zc
expect 2 'load: --rate: missing N' "$proctor" load 127.0.0.1:1 --rate
expect 2 'load: --clients: missing N' "$proctor" load 127.0.0.1:1 -c
expect 2 'load: --strict takes no value' "$proctor" load 127.0.0.1:1 --strict=3
expect 2 "'rat'; did you mean 'rate'" "$proctor" help rat
expect 2 'names the commands' "$proctor" help frobnicate
expect 2 "only 'all' can follow" "$proctor" help load most
# A value that looks like an option is one, and what stands behind -- is somebody else's.
expect 2 "not a rate" "$proctor" load 127.0.0.1:1 --rate --raet
expect 2 "cannot run '/no/such/program'" "$proctor" identify -- /no/such/program --raet

### The manual, as others read it

if command -v mandoc >/dev/null; then
    mandoc -T lint -W warning "$work"/written/man1/*.1 >"$work/lint" || fail "mandoc: $(cat "$work/lint")"
    mandoc -T utf8 "$work/written/man1/proctor-load.1" | sed $'s/.\b//g' >"$work/page"
    grep -q -- '--slow-readers=N' "$work/page" || fail 'mandoc shows other options'
    grep -qF '\r, \n, \t, \\ and \xHH' <(tr -s '[:space:]' ' ' <"$work/page") || fail 'mandoc shows no backslashes'
else
    not_tested 'the manual: no mandoc'
fi

### Completion, as bash does it

PATH=$(dirname "$proctor"):$PATH
# shellcheck disable=SC1091
. "$work/written/completions/proctor"
# completes WORDS... EXPECTED: the last but one is being typed.
completes() {
    COMP_WORDS=("${@:1:$# - 1}")
    COMP_CWORD=$(($# - 2))
    _proctor || true
    [ "${COMPREPLY[*]}" = "${*: -1}" ] || fail "'${COMP_WORDS[*]}' is completed to '${COMPREPLY[*]}', not '${*: -1}'"
}
completes proctor ser serve
completes proctor help gra grade
completes proctor list mod models
completes proctor serve epo epoll
completes proctor serve epoll --unt --until
completes proctor serve epoll --until 'fi' first-client
completes proctor serve epoll --until = 'fi' first-client
completes proctor serve epoll --until = 'never first-client last-client enter'
completes proctor serve epoll --protocol logi login
completes proctor bench --suite qui quick
completes proctor grade tp1-thr tp1-threads
completes proctor load --rate '' ''
completes proctor load --json /tm ''
completes proctor identify -- --js ''

end_of_test 'all as expected'
