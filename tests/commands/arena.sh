#!/usr/bin/env bash
# Hostile submissions at every level of isolation: each ends as a verdict, the next submission is
# graded as if nothing had happened, and nothing is left: no process, control group or file.
#
# Usage: arena.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"
# shellcheck source=tests/commands/bounded.sh
. commands/bounded.sh
bound_hostile

# Who is graded lies apart from the grader, and from what others have handed in.
chmod 755 "$work"
mkdir "$work/handed_in" "$work/others" "$work/bin" "$work/results" "$work/tmp"
chmod 1777 "$work/tmp"
cp "$proctor" "$work/bin/proctor"
proctor=$work/bin/proctor
for program in hostile/*.py right/threads.py; do
    cp "$program" "$work/handed_in/$(basename "$program" .py)_$$.py"
done
echo "full marks" >"$work/others/secret.txt"
cp -r "$work/handed_in" "$work/as_it_was"
chmod 777 "$work/results"
cd "$work/handed_in"

# found NAME EXPRESSION: what the grading of NAME finds, in the words of jq.
found() {
    case $1 in
    fork_bomb) echo '.checks[0].finding == "used up its processes and threads"' ;;
    memory_bomb) echo '.checks[0].finding == "used up its memory"' ;;
    # Or the patience comes first, on a machine that is busy.
    prints_gigabytes) echo '.checks[0].finding | IN("printed too much", "did not listen in time")' ;;
    leaves_daemons) echo '.left_running == 3 and (.checks[0].finding | startswith("ended, and"))' ;;
    writes_its_marks) echo '.verdict == "fail" and .checks[0].finding == "ended before it listened"' ;;
    connects_outside) echo '[.checks[0].evidence[].text] | any(contains("ways out: 0; name of example.org: none"))' ;;
    searches_everything | reads_as_root) echo '[.checks[0].evidence[].text] | any(contains("found: []"))' ;;
    # Which root does not mind.
    hides_itself) echo '.isolation == "root namespaces" or .checks[0].finding == "cannot be inspected"' ;;
    # Those who serve in spite of all are graded as what they are.
    fills_the_disk | kills_everybody | listens_for_another)
        echo '[.checks[] | select(.verdict == "fail") | .id] | contains(["second-client-served"])' ;;
    threads) echo '.verdict == "pass"' ;;
    esac
}

# grade AS LEVEL NAME: as this user, and at this level.
grade() {
    local pid patience=20s document=$work/results/$2-$3.json
    [ "$3" != hides_itself ] || patience=2s
    rm -f "$document"
    # shellcheck disable=SC2086 # $1 is a command or nothing
    $1 "$proctor" grade checks --patience $patience --json "$document" -- python3 "./$3_$$.py" \
        >"$work/out" 2>"$work/err" &
    pid=$!
    wait "$pid" || true
    [ "$(jq -r .isolation "$document")" = "$2" ] || fail "$3: not at the level '$2'"
    jq -e "$(found "$3")" "$document" >/dev/null || {
        fail "$2: $3: not so: $(found "$3")"
        cat "$work/out" "$work/err" >&2
    }
    ! pgrep -f "_$$.py" >/dev/null || fail "$2: $3: left $(pgrep -fa "_$$.py")"
    [ -z "$(find /sys/fs/cgroup -maxdepth 6 -name "proctor-$pid-*" 2>/dev/null)" ] ||
        fail "$2: $3: a control group is left"
    diff -r "$work/as_it_was" . >/dev/null || fail "$2: $3: its folder has changed"
    ! ls /tmp/filled /dev/shm/filled /tmp/results.json 2>/dev/null || fail "$2: $3: a file is left"
}

# grade_all AS LEVEL NAME...: after each, one that is right.
grade_all() {
    local name
    for name in "${@:3}"; do grade "$1" "$2" "$name"; done
    grade "$1" "$2" threads
    echo "$2: $(($# - 2)) hostile submissions, and one that is right"
}

hostile=$(basename -s "_$$.py" ./*.py | grep -v '^threads$')
nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'
if [ "$(id -u)" -eq 0 ]; then
    # shellcheck disable=SC2086 # a list of names
    grade_all '' 'root namespaces' $hostile
    # shellcheck disable=SC2086
    grade_all "$nobody" 'user namespaces' $hostile
else
    # shellcheck disable=SC2086
    grade_all '' 'user namespaces' $hostile
    nobody=
fi

# Root's submission is a user of the host who owns nothing, and so takes nothing from anybody: not
# even from root, who holds some already.
if [ "$(id -u)" -eq 0 ]; then
    cat >"takes_inotify_$$.py" <<'END'
import ctypes
library, taken = ctypes.CDLL(None), 0
while library.inotify_init() >= 0: taken += 1
print("taken", taken, "by", open("/proc/self/uid_map").read().split()[-2], "not root")
END
    declare -A most=([root]=$(cat /proc/sys/fs/inotify/max_user_instances) [user]=16)
    holds='import ctypes, os, sys
library = ctypes.CDLL(None)
assert all(library.inotify_init() >= 0 for _ in range(3))
os.execv(sys.argv[1], sys.argv[1:])'
    for level in root user user root; do
        expect 1 "taken ${most[$level]} by [0-9]{10} not root" python3 -c "$holds" "$proctor" grade checks \
            --only starts-and-listens --isolation $level -- python3 "./takes_inotify_$$.py"
        sed -n 's/.* by \([0-9]*\) not root.*/\1/p' "$work/out" >>"$work/users"
    done
    [ "$(sort -u "$work/users" | wc -l)" -eq 4 ] || fail "gradings share users: $(cat "$work/users")"
    rm "takes_inotify_$$.py"
    # It may read its own folder all the same, if only the kernel can lend it.
    mkdir -m 700 "$work/roots"
    install -m 600 "threads_$$.py" "$work/roots/server.py"
    cd "$work/roots"
    expect 0 'served' "$proctor" grade checks --isolation root --only serves-one-client -- python3 server.py
    expect 3 'all must be able to read it' "$proctor" grade checks --isolation user -- python3 server.py
    [ "$(stat -c %u:%a . server.py | xargs)" = '0:700 0:600' ] || fail 'its files have changed'
    cd "$work/handed_in"
fi

# Without bubblewrap the level is lower, and that is said: for root it would be too low.
hide_bubblewrap='mount --bind /dev/null /usr/bin/bwrap && exec'
if [ "$(id -u)" -eq 0 ]; then
    for level in '' '--isolation network'; do
        # shellcheck disable=SC2086 # an option or nothing
        expect 3 'keeping it from devices and sockets' unshare --mount sh -c "$hide_bubblewrap \"\$@\"" sh \
            "$proctor" grade checks $level -- python3 "./threads_$$.py"
    done
    become_ordinary=
else
    become_ordinary=--map-root-user
fi
cat >"$work/bin/without_bubblewrap" <<SCRIPT
#!/bin/sh
exec unshare --mount $become_ordinary sh -c '$hide_bubblewrap $nobody "\$@"' sh "\$@"
SCRIPT
chmod 755 "$work/bin/without_bubblewrap"
grade_all "$work/bin/without_bubblewrap" 'network only' leaves_daemons fills_the_disk
grep -q 'saw all files of this machine' "$work/err" || fail 'does not say that the level is low'
"$work/bin/without_bubblewrap" "$proctor" doctor >"$work/out"
grep -q 'finding bubblewrap' "$work/out" || fail 'the doctor does not miss bubblewrap'
expect 3 'bubblewrap' "$work/bin/without_bubblewrap" "$proctor" grade checks --isolation user -- true

# With nothing at all, what ran is ended all the same.
"$proctor" grade checks --isolation none --only starts-and-listens -- \
    python3 "./leaves_daemons_$$.py" >"$work/out" || true
grep -q '^left running when it had ended: 3 processes' "$work/out" || fail 'none: nothing left running'
! pgrep -f "_$$.py" >/dev/null || fail "none: left $(pgrep -fa "_$$.py")"
for user in '' "$nobody"; do
    # shellcheck disable=SC2086 # a command or nothing
    expect 1 'used up its processes' $user "$proctor" grade checks --isolation none -- python3 "./fork_bomb_$$.py"
    ! pgrep -f "_$$.py" >/dev/null || fail "none: left $(pgrep -fa "_$$.py")"
done
# An ordinary user's is bounded by the kernel, whether or not anybody looks.
cat >"says_its_bound_$$.py" <<'END'
import os, resource
own = sum(len(os.listdir(f"/proc/{pid}/task")) for pid in os.listdir("/proc")
          if pid.isdigit() and os.stat(f"/proc/{pid}").st_uid == os.getuid())
print("room for", resource.getrlimit(resource.RLIMIT_NPROC)[1] - own)
END
# shellcheck disable=SC2086
$nobody "$proctor" grade checks --isolation none --only starts-and-listens -- \
    python3 "./says_its_bound_$$.py" >"$work/out" || true
room=$(sed -n 's/.*room for \([0-9]*\).*/\1/p' "$work/out")
[ -n "$room" ] && [ "$room" -gt 2000 ] && [ "$room" -le 2500 ] || fail "none: room for '$room' processes"
rm "says_its_bound_$$.py"
# And ends with the grader, however that ends.
cat >"many_$$.py" <<'END'
import os, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for _ in range(40):
    if os.fork() == 0:
        os.setsid()
        break
while True:
    signal.pause()
END
# shellcheck disable=SC2086
$nobody "$proctor" grade checks --isolation none -- python3 "./many_$$.py" >/dev/null 2>&1 &
grader=$!
until [ "$(pgrep -cf "^python3 ./many_$$.py")" -eq 41 ]; do
    kill -0 "$grader" 2>/dev/null || break
done
kill -KILL "$grader" 2>/dev/null || fail 'none: has ended before its grader'
wait "$grader" 2>/dev/null || true
while pgrep -f "^python3 ./many_$$.py" >/dev/null; do :; done
rm "many_$$.py"
# Root has no limit of processes: without a control group nothing would hold a bomb.
if [ "$(id -u)" -eq 0 ]; then
    # shellcheck disable=SC2016 # for the inner shell
    without_groups='mount -t tmpfs none /sys/fs/cgroup && exec "$@"'
    for level in none root user; do
        expect 3 'limiting its number of processes' unshare --mount sh -c "$without_groups" sh \
            "$proctor" grade checks --isolation "$level" -- python3 "./threads_$$.py"
    done
fi
"$proctor" grade checks --isolation none -- python3 "./threads_$$.py" >"$work/out" ||
    fail "none: $(cat "$work/out")"

# Where a link leads to is not shown.
cp "threads_$$.py" "$work/others/threads.py"
ln -s ../others/threads.py "$work/handed_in/link_$$.py"
expect 1 "can't open file" "$proctor" grade checks --only serves-one-client,starts-and-listens -- \
    python3 "./link_$$.py"

# Of a home, and of what is above one, only what the command names is shown, and that is said.
mkdir -p "$work/homes/alice" "$work/homes/apart"
cp "threads_$$.py" "$work/homes/alice/server.py"
cp "threads_$$.py" "$work/homes/apart/server.py"
# looks_around FOLDER TEXT COMMAND...: what it says, started there, where alice is at home.
looks_around() {
    cd "$work/homes/$1"
    HOME=$work/homes/alice expect "${@:2}" || true
    cd "$work/handed_in"
}
checks=("$proctor" grade checks --only starts-and-listens --)
lists=(python3 -c 'import os; print("sees", os.listdir("."))')
looks_around . 1 'sees \[\]' "${checks[@]}" "${lists[@]}"
looks_around alice 1 'sees \[\]' "${checks[@]}" "${lists[@]}"
looks_around alice 0 'started in a home folder' "${checks[@]}" python3 server.py
looks_around apart 1 "sees \['server.py'\]" "${checks[@]}" "${lists[@]}"

# Of the machine there is what programs need, and what is needed of a program that lies elsewhere.
mkdir -p "$work/elsewhere/bin" "$work/elsewhere/lib"
printf '#!/bin/sh\necho "has $(cat "${0%%/bin/*}/lib/words"); sees $(ls / | xargs)"\n' >"$work/elsewhere/bin/program"
chmod 755 "$work/elsewhere/bin/program"
echo 'its own words' >"$work/elsewhere/lib/words"
top='sees bin dev etc (lib[0-9]* )*(lib[0-9]* )*proc sbin tmp usr$'
expect 1 "has its own words; $top" "${checks[@]}" "$work/elsewhere/bin/program"
expect 1 "has its own words; $top" "${checks[@]}" sh -c "exec $work/elsewhere/bin/program"
expect 1 "Permission denied|No such file|can't open" "${checks[@]}" sh -c 'cat "${1%/*}/lib/words"' sh "$work/elsewhere"

# What a submission brings with it does not lower the level: a folder that the sandbox may not enter,
# more words than a command has.
mkdir -m 700 "$work/closed"
cp "threads_$$.py" "$work/closed/server.py"
if [ "$(id -u)" -eq 0 ]; then
    chown 1001:1001 "$work/closed"
    cd "$work/closed"
    expect 3 "submission's user cannot enter the folder $work/closed;" "$proctor" grade checks -- python3 server.py
    expect 0 "submission's user cannot enter $work/closed " "$proctor" doctor
    cd "$work/handed_in"
fi
# shellcheck disable=SC2046 # so many words
expect 2 'Argument list too long' "$proctor" grade checks -- python3 "./threads_$$.py" $(seq 5000)

# Who spins and never listens has not been seen to listen, and what a check needs is no secret.
expect 1 'did not listen in time' "$proctor" grade checks --patience 2s --strict -- python3 -c 'while 1: pass'
expect 1 'ended before it listened' "$proctor" grade checks --only second-client-served -- false
# An answer that has not come within the patience is not proved never to come, and it costs all the same.
expect 1 'within 1.0 s' "$proctor" grade checks --patience 1s --only serves-one-client --strict -- python3 -c '
import socket, time
client = socket.create_server(("127.0.0.1", 9500)).accept()[0]
while data := client.recv(4096): time.sleep(9); client.sendall(data)'
# Where nobody can come from is the submission's affair, and so are others' limits none of its.
expect 1 'that clients cannot reach' "$proctor" grade checks -- python3 -c '
import socket
s = socket.socket(); s.setsockopt(0, 15, 1); s.bind(("8.8.8.8", 80)); s.listen(); s.accept()'
expect 1 'PermissionError' "$proctor" grade checks -- python3 -c '
import resource
resource.prlimit(1, resource.RLIMIT_NOFILE, (0, 0))'
PATH=.:$PATH expect 2 'Is a directory|Permission denied' "$proctor" grade checks -- "$work/handed_in"

# Its own small table of connections costs it none of them: 1100 that it has closed are in TIME_WAIT.
cat >"leavers_$$.py" <<'END'
import socket
listener = socket.create_server(("127.0.0.1", 9500), backlog=64)
for _ in range(1100):
    client = socket.create_connection(("127.0.0.1", 9500))
    server = listener.accept()[0]
    server.close()
    client.recv(1)
    client.close()
rows = [line.split()[3] for line in open("/proc/net/tcp")]
print("waiting", rows.count("06"), "in a table of", open("/proc/sys/net/ipv4/tcp_ehash_entries").read())
END
for user in '' "$nobody"; do
    # shellcheck disable=SC2086 # a command or nothing
    expect 1 'waiting 1100 in a table of (64|-)' $user "$proctor" grade checks --only starts-and-listens -- \
        python3 "./leavers_$$.py"
done
rm "leavers_$$.py"

# Whoever writes on Windows meets a message that nobody understands.
printf '#!/usr/bin/python3\r\nprint(1)\r\n' >windows.py
chmod +x windows.py
expect 1 'without a Windows line end' "$proctor" grade checks -- ./windows.py

# What a build leaves with our rights is within nobody's reach but ours.
mkdir "$work/setuid"
cat >"$work/setuid/build.sh" <<END
cp /usr/bin/id x && chmod 4755 x && chmod 0777 . && exec sh -c 'while :; do :; done # built $$'
END
cat >"$work/setuid.yaml" <<'END'
title: {en: A build}
entry: [build.sh]
build: sh {entry}
run: sh {entry}
points: 1
checks: [{check: starts-and-listens, points: 1}]
END
grade_build=(env TMPDIR="$work/tmp" "$proctor" grade "$work/setuid.yaml" "$work/setuid")
"${grade_build[@]}" >/dev/null 2>&1 &
grader=$!
until builder=$(pgrep -P "$grader") && [ -n "$builder" ] && pgrep -f "^sh -c .* # built $$\$" >/dev/null; do
    kill -0 "$grader" 2>/dev/null || break
done
scratch=$(echo "$work"/tmp/proctor-*)
[ "$(stat -c %a "$scratch")" = 700 ] || fail "a build lies in a folder of mode $(stat -c %a "$scratch")"
[ -z "$nobody" ] || [ -z "$($nobody find "$work/tmp" -name x 2>/dev/null)" ] || fail 'others find what was built'
[ -z "$(find "$work/tmp" -perm /6000)" ] || fail 'a set-user-ID program lies about'
grep -q " $scratch/[0-9]* .*nosuid.* - tmpfs " "/proc/$builder/mountinfo" || fail 'the build has no file system of its own'
# One that is killed leaves a folder, which the next one removes: that, and nothing else.
kill -KILL "$grader"
wait "$grader" 2>/dev/null || true
[ -d "$scratch" ] || fail 'has cleaned up although it was killed'
mkdir -m 700 "$work/tmp/proctor-theirs" && touch "$work/tmp/proctor-theirs/file"
sed -i 's/exec sh.*/false/' "$work/setuid/build.sh"
expect 1 'cannot be built' "${grade_build[@]}"
[ "$(ls "$work/tmp")" = proctor-theirs ] || fail "in its folder lies $(ls "$work/tmp")"
[ -e "$work/tmp/proctor-theirs/file" ] || fail "somebody's own folder was removed"
# A build has a size.
echo 'i=0; while head -c 50M /dev/zero >$i; do i=$((i + 1)); done; exit 1' >"$work/setuid/build.sh"
expect 1 'No space left on device' "${grade_build[@]}"
expect 1 'wrote too much into its folder' "${grade_build[@]}" --isolation none
# No name is taken for an option.
for name in -o.c @.x.c; do
    rm -rf "$work/options" && mkdir "$work/options"
    printf 'int main(void) { return 0; }\n' >"$work/options/$name"
    printf '%s\n' '-wrapper ./w.sh' >"$work/options/.x.c"
    printf '#!/bin/sh\necho hijacked >&2; exit 1\n' >"$work/options/w.sh"
    chmod +x "$work/options/w.sh"
    printf '%s\n' 'title: {en: C}' 'entry: ["[-@]*.c"]' 'points: 1' \
        'checks: [{check: starts-and-listens, points: 1}]' >"$work/options.yaml"
    expect 1 'ended before it listened|for a list of options; rename' "$proctor" grade "$work/options.yaml" "$work/options"
done

# io_uring is as good as absent where it is not wanted.
expect 0 'served' "$proctor" grade checks --only serves-one-client -- "$proctor" serve io_uring
expect 1 'ended before it listened' "$proctor" grade checks --without-io-uring \
    --only starts-and-listens -- "$proctor" serve io_uring
cd "$work" # which is removed
end_of_test 'each ends as a verdict, and nothing is left'
