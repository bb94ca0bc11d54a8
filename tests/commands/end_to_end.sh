# What end-to-end tests of the command line in shell have in common; to be sourced. The test then says
# end_of_test as its last word. Documents are looked at in Python, with end_to_end.py.
#
# Needs $proctor, a path from the root; changes to the folder of the tests.
# shellcheck shell=bash
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
# shellcheck source=tests/commands/not_tested.sh
. commands/not_tested.sh
export LC_ALL=C # what is looked for is said in English
work=$(mktemp -d)
server=
finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$work"
    if declare -F leave_pids_group >/dev/null; then leave_pids_group; fi # bounded.sh
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

# start COMMAND...: starts a server and sets $server and $address from its ready line.
start() {
    mkfifo "$work/ready"
    "$@" >"$work/ready" 2>/dev/null &
    server=$!
    # shellcheck disable=SC2034 # it is for the test
    read -r _ _ address _ <"$work/ready"
    rm "$work/ready"
}

stop() {
    kill "$server"
    wait "$server" || true
    server=
}

end_of_test() {
    [ "$failures" -eq 0 ] && echo "$1"
    exit "$((failures > 0))"
}
