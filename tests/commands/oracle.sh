#!/usr/bin/env bash
# The reference as the oracle: random conversations find each planted fault of a calculator
# (oracle/planted.py) in at most 50 runs, and show it in at most 4 steps; what is right passes. That the
# reference itself is amiss is the assignment's error, and nobody sees its folder.
#
# Usage: oracle.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"
cd oracle

# graded ASSIGNMENT SEED COMMAND...: the document in $work/grade.json
graded() {
    local assignment=$1 seed=$2
    shift 2
    got=0
    timeout 100 "$proctor" grade "$assignment" --seed "$seed" --json "$work/grade.json" \
        -- "$@" >"$work/out" 2>"$work/err" </dev/null || got=$?
}
of_check() { jq -r ".checks[] | select(.id == \"$1\") | $2" "$work/grade.json"; }
like=answers-like-the-reference
texts() { of_check $like '.evidence[].text'; }

# found FAULT SEED TEXT: the fault is found, and its shortest conversation says TEXT (a pattern).
found() {
    graded expressions.yaml "$2" python3 planted.py "$1"
    [ "$(of_check $like .verdict)" = fail ] || fail "$1, seed $2: $(of_check $like .finding)"
    local steps conversation
    steps=$(texts | grep -c '^step ')
    conversation=$(texts | sed -n 's/^in conversation \([0-9]*\) of 50$/\1/p')
    [ "$steps" -ge 1 ] && [ "$steps" -le 4 ] || fail "$1, seed $2: $steps steps: $(texts)"
    [ "$conversation" -ge 1 ] && [ "$conversation" -le 50 ] || fail "$1: conversation $conversation"
    texts | tr '\n' ' ' | grep -qE -- "$3" || fail "$1, seed $2: '$3' is not in: $(texts)"
    of_check $like .hint | grep -qE -- "$4" || fail "$1, seed $2: the hint is $(of_check $like .hint)"
    echo "$1: found in conversation $conversation, shown in $steps steps"
}

found precedence 1 'step 1: client 1 says "[^"]*[+-] [^"]* \* ' 'Send just this'
found negative 2 'client 1 got 6 bytes: "ERROR ' 'Send just this'
found overflow 3 'step 1: client 1 says "-?[0-9]*\*-?[0-9]*' 'Send just this'
found spaces 4 '  -  ' 'Send just this'
found packet 5 'step 1: client 1 says, in one piece: ' 'Several messages'
found split 6 'says a part of a message: .*expected: nothing' 'in pieces'
found swapped 7 'client 2 says' "Another client's"
found late 12 'got [0-9]* bytes: "[^"]*late' 'Send just this'
found empty 8 'client 1 got 0 bytes and then the end' 'stays open'
first=$(texts)
found empty 8 . 'stays open'
[ "$first" = "$(texts)" ] || fail "the same seed shows something else: $(texts), not $first"

# What depends on all that was said before is shown as it was seen.
graded expressions.yaml 9 python3 planted.py history
[ "$(of_check $like .verdict)" = fail ] || fail "history: $(of_check $like .finding)"
texts | grep -q '^only after the [0-9]* conversations before it$' || fail "history: $(texts)"

graded expressions.yaml 10 python3 planted.py none
[ "$got" -eq 0 ] && [ "$(of_check $like .verdict)" = pass ] || fail "none: $(texts)"

# amiss TEXT: the calculator's assignment with another reference has no grade.
amiss() {
    sed "s|^reference:.*|reference: {run: '$2'}|" expressions.yaml >"$work/amiss.yaml"
    graded "$work/amiss.yaml" 11 python3 "$PWD/planted.py" none
    [ "$got" -eq 3 ] || fail "a reference that is amiss: exit $got: $(cat "$work/out")"
    jq -r .error.text "$work/grade.json" | grep -qE -- "$1" ||
        fail "'$1' is not said of: $(jq -c .error "$work/grade.json")"
}
amiss "the assignment's program 'reference' .* exit code 7" 'exit 7'
cat >"$work/unlike.py" <<'EOF'
import random, socket, sys, threading
def serve(client):
    with client, client.makefile("rb") as lines:
        for line in lines:
            client.sendall(b"%d\n" % random.getrandbits(60))
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
EOF
amiss 'two runs of the reference differ; step 1: client 1 says' "python3 $work/unlike.py {port}"

# Where the reference says the port of a client, that of the submission's client counts.
mkdir "$work/peers" && cp peer.py "$work/peers"
cat >"$work/ports.yaml" <<'EOF'
title: {en: x}
entry: ["*.py"]
port: 2022
reference: {bring: peers, run: "python3 peer.py {port} 0"}
points: 2
checks:
  - check: port
    title: {en: x}
    points: 1
    steps:
      - {clients: [ann, bob], do: connect}
      - {client: ann, send: "{port:bob}\n"}
      - {client: ann, expect-like: reference}
  - {check: answers-like-the-reference, points: 1, runs: 8, says: ["{number:a,1,99}\n"]}
EOF
for beside in 0 1; do
    graded "$work/ports.yaml" 13 python3 peer.py 2022 $beside
    verdicts=$(of_check port .verdict),$(of_check $like .verdict)
    case $beside,$verdicts in
    0,pass,pass | 1,fail,fail) ;;
    *) fail "the port of a client and $beside: $verdicts: $(cat "$work/out" "$work/err")" ;;
    esac
done

# What all clients share may part where several conversations are played at once: that is no fault.
sed 's/{port} 0/{port} numbered/; s/runs: 8/runs: 20/' "$work/ports.yaml" >"$work/numbered.yaml"
graded "$work/numbered.yaml" 15 python3 peer.py 2022 numbered
[ "$(of_check $like .verdict)" = pass ] || fail "numbered answers: $(texts)"

# Without isolation both share a network: the reference gets a port of its own, if it takes one.
apart=(-n)
[ "$(id -u)" -eq 0 ] || apart=(-rn)
alone() {
    got=0
    timeout 100 unshare "${apart[@]}" sh -c 'ip link set lo up && exec "$@"' - \
        "$proctor" grade "$1" --isolation none --seed 14 --json "$work/grade.json" \
        -- python3 planted.py "$2" >"$work/out" 2>"$work/err" </dev/null || got=$?
}
if unshare "${apart[@]}" ip link set lo up 2>/dev/null; then
    alone expressions.yaml none
    [ "$got" -eq 0 ] && [ "$(of_check $like .verdict)" = pass ] ||
        fail "without isolation: exit $got: $(cat "$work/out" "$work/err")"
    alone expressions.yaml packet
    [ "$(of_check $like .verdict)" = fail ] || fail "without isolation: $(cat "$work/out")"
    sed 's/{port}/2022/' expressions.yaml >"$work/fixed.yaml"
    cp -r solution "$work"
    alone "$work/fixed.yaml" none
    [ "$got" -eq 3 ] && jq -r .error.text "$work/grade.json" | grep -q "its 'run' name {port}" ||
        fail "a port for both: exit $got: $(cat "$work/out" "$work/err")"
else
    echo 'not tested: the reference without isolation, as no network namespace can be made here'
fi

# An assignment that its own reference does not fulfil.
mkdir "$work/tried" && cp -r solution "$work/tried"
cat >"$work/tried/sums.yaml" <<'EOF'
title: {en: x}
entry: ["*.py"]
port: 2022
reference: {bring: solution, run: "python3 calc.py {port}"}
points: 2
checks:
  - check: sum
    title: {en: x}
    points: 2
    steps:
      - {client: ann, send: "1 + 1\n"}
      - {client: ann, expect-like: reference, points: 1}
      - {client: ann, send: "2 * 2\n"}
      - {client: ann, expect: "5\n", points: 1}
EOF
sed 's/sys.argv\[1\]/2022/' solution/calc.py >"$work/tried/right.py"
expect 1 'the reference itself fails: the answer is wrong; .*2.*: "4' \
    "$proctor" grade --check "$work/tried/sums.yaml" "$work/tried/right.py"
sed -i 's/5\\n/4\\n/' "$work/tried/sums.yaml"
expect 0 'the reference as a solution: 2 of 2 points, as required' \
    "$proctor" grade --check "$work/tried/sums.yaml" "$work/tried/right.py"

# Where it lies in a folder that the submission sees, there is nothing.
cat >"$work/scene.yaml" <<EOF
title: {en: x}
entry: ["*.py"]
port: 2022
reference: {bring: solution, run: "python3 calc.py {port}"}
points: 1
checks:
  - check: looks
    title: {en: x}
    points: 1
    steps:
      - {client: ann, send: "1 + 1\n"}
      - {client: ann, expect-like: reference, ignoring: ["[0-9]+", space]}
      - {expect-output-pattern: '\[\]'}
EOF
mkdir "$work/seen" && cp -r solution "$work/scene.yaml" "$work/seen"
cat >"$work/seen/looks.py" <<'EOF'
import os, socket
server = socket.create_server(("127.0.0.1", 2022))
while True:
    client = server.accept()[0]
    client.recv(100)
    print(os.listdir("solution"), flush=True)
    client.sendall(b"1234  \r\n")
EOF
cd "$work/seen"
graded scene.yaml 12 python3 looks.py
isolation=$(jq -r .isolation "$work/grade.json")
case $isolation in
*namespaces) [ "$(of_check looks .verdict)" = pass ] || fail "looks: $(of_check looks .evidence)" ;;
*) echo "not tested: that the reference is hidden, with isolation '$isolation'" ;;
esac

end_of_test 'all as expected'
