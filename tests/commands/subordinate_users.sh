#!/usr/bin/env bash
# An ordinary user with a range of others in /etc/subuid: each grading has one of them, which owns
# nothing; what it builds is removed; and what only the user may read is graded as before.
#
# Usage: subordinate_users.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"

# The first user with a range, or ourselves.
if [ "$(id -u)" -eq 0 ]; then
    name=
    while IFS=: read -r owner _; do
        id -u "$owner" >/dev/null 2>&1 && grep -q "^$owner:" /etc/subgid && name=$owner && break
    done < <(cat /etc/subuid 2>/dev/null)
    as=(setpriv --reuid="${name:-nobody}" --regid="$(id -g "${name:-nobody}")" --init-groups)
else
    name=$(id -un)
    grep -q "^$name:" /etc/subuid 2>/dev/null || name=
    as=()
fi
if [ -z "$name" ] || ! [ -x /usr/bin/newuidmap ]; then
    echo 'skipped: no user has a range in /etc/subuid, or there is no newuidmap (package uidmap)' >&2
    exit 77
fi

cp "$proctor" right/threads.py "$work"
cd "$work"
cat >who.sh <<'END'
tail -1 /proc/self/uid_map; tail -1 /proc/self/gid_map; id -G; umask 077; mkdir -p a/b; touch a/b/c; chmod 0 a; exit 1
END
cat >who.yaml <<'END'
title: {en: Who}
entry: ["*.sh"]
build: sh {entry}
points: 1
checks: [{check: starts-and-listens, points: 1}]
END
mkdir -m 1777 scratch
chmod -R a+rX .
first=$(sed -n "s/^$name:\([0-9]*\):.*/\1/p" /etc/subuid | head -1)
count=$(sed -n "s/^$name:[0-9]*:\([0-9]*\).*/\1/p" /etc/subuid | head -1)

# who COMMAND...: the user of the host that it says to be in its words of three numbers.
who() {
    "$@" >out 2>err || true
    sed -n 's/^.* 1000 *\([0-9]*\) *1$/\1/p' out | head -1
}
for _ in 1 2; do
    built=$(TMPDIR=$work/scratch who "${as[@]}" ./proctor grade who.yaml who.sh)
    ran=$(who "${as[@]}" ./proctor grade checks --only starts-and-listens -- sh who.sh)
    for user in "$built" "$ran"; do
        if [ "${user:-0}" -lt "$first" ] || [ "$user" -ge $((first + count)) ]; then
            fail "is '$user', not of $first:$count: $(cat out err)"
        fi
        echo "$user" >>users
    done
    grep -q '^ *- its output:\|^ *1000$' out || fail "has groups: $(cat out)"
done
[ "$(sort -u users | wc -l)" -eq 4 ] || fail "gradings share users: $(xargs <users)"
[ -z "$(ls scratch)" ] || fail "left: $(find scratch)"
expect 0 served "${as[@]}" ./proctor grade checks --only serves-one-client -- python3 threads.py
# What only its owner may read.
mkdir -m 700 own
install -m 600 threads.py own/server.py
[ "$(id -u)" -ne 0 ] || chown -R "$name" own
cd own
expect 0 served "${as[@]}" ../proctor grade checks --only serves-one-client -- python3 server.py
cd /
end_of_test 'each grading has a user of its own'
