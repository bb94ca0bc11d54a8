#!/usr/bin/env bash
# A model from outside: installed, built with one line, served; and what is no model is refused.
#
# Usage: outside_model.sh BUILD-FOLDER C-COMPILER [SANITIZE-FLAGS…]
set -euo pipefail
build=$(realpath "$1")
compiler=$2
sources=$(realpath "$(dirname "$0")/../..")
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

cmake --install "$build" --prefix "$work/prefix" >/dev/null
proctor=$work/prefix/bin/proctor
cp "$sources/examples/model_spinning.c" "$work"
cd "$work"

"$compiler" -Wall -Wextra -Werror -shared -fPIC -I prefix/include -o spinning.so model_spinning.c
mkfifo ready
"$proctor" serve spinning.so >ready &
server=$!
read -r line <ready
case $line in "listening on "*" (spinning, echo)") ;; *) fail "ready line: $line" ;; esac
address=$(echo "$line" | cut -d ' ' -f 3)
"$proctor" load "$address" --clients 20 --threads 1 --duration 200ms --warmup 0 >/dev/null ||
    fail "the load on a model from outside"
kill "$server"
wait "$server" || fail "it ends with $?"
server=

# Refused with exit code 2 and a sentence in which all these words stand.
refuses() {
    local file=$1 words=$2 code=0
    "$proctor" serve "$file" >out 2>err || code=$?
    [ "$code" -eq 2 ] || fail "$file: exit code $code"
    grep -q "$words" err || fail "$file: '$(cat err)' lacks '$words'"
    [ "$(grep -c proctor: err)" -eq 1 ] || fail "$file: more than one sentence: $(cat err)"
}

refuses ./missing.so 'missing.so: No such file or directory'
echo 'no shared object' >text.so
refuses ./text.so 'text.so cannot be loaded'
echo 'int nothing;' | "$compiler" -shared -fPIC -o empty.so -x c -
refuses ./empty.so 'exports no proctor_model'
sed 's/interface = SERVER_INTERFACE/interface = SERVER_INTERFACE + 1/' model_spinning.c >later.c
"$compiler" -shared -fPIC -I prefix/include -o later.so later.c
refuses ./later.so 'built for interface'
sed 's/service_outcome(service)/service_no_more(service)/; s/^#define CLIENTS/int service_no_more(struct service *service);\n&/' \
    model_spinning.c >stranger.c
"$compiler" -shared -fPIC -I prefix/include -o stranger.so stranger.c
refuses ./stranger.so 'stranger.so cannot be loaded: .*service_no_more'
sed 's/\.serve = serve_spinning/.serve = 0/' model_spinning.c >idle.c
"$compiler" -shared -fPIC -I prefix/include -o idle.so idle.c
refuses ./idle.so 'no name or no serve'
echo "a model from outside serves, and six that are none are refused"
