# Bounds for hostile programs, kept by the kernel and set by the test itself: what a test must not
# do is rely on those of the program that it tests. To be sourced after
# end_to_end.sh; then bound_hostile, first of all.
# shellcheck shell=bash

# Well above what proctor allows, so that it is proctor's bound that is met first.
BOUND_TASKS=4000
BOUND_ADDRESS_SPACE_KB=$((16 << 20)) # 1100 threads have 9 GB of stacks
BOUND_FILE_KB=$((1 << 20))

# enter_pids_group: root is kept to a number of tasks by a control group alone. Of version 2 it lies
# below another, as proctor makes its own group beside the one that it runs in.
enter_pids_group() {
    local own base=/sys/fs/cgroup/pids
    own=$(sed -n 's/^[0-9]*:pids://p' /proc/self/cgroup)
    if [ -n "$own" ]; then
        bounded_group=$base${own%/}/proctor-test-$$
        bounded_leaf=$bounded_group
    else
        base=/sys/fs/cgroup
        own=$(sed -n 's/^0:://p' /proc/self/cgroup)
        bounded_group=$base${own%/}
        bounded_group=${bounded_group%/*}/proctor-test-$$
        bounded_leaf=$bounded_group/leaf
    fi
    mkdir -p "$bounded_leaf" 2>/dev/null && echo "$BOUND_TASKS" >"$bounded_group/pids.max" &&
        echo $$ >"$bounded_leaf/cgroup.procs"
} 2>/dev/null

# Leaves the group and removes it, with those in it that a killed grader has left, once all that ran
# there has ended.
leave_pids_group() {
    [ -d "${bounded_group:-}" ] || return 0
    echo $$ >"$(dirname "$bounded_group")/cgroup.procs" || return 0
    for _ in {1..100}; do
        find "$bounded_group" -depth -type d -exec rmdir {} + 2>/dev/null && return
        sleep 0.05 # there is no event for a group of version 1 that has become empty
    done
}

# bound_hostile: bounds this shell and all that it will start, and tries that each bound holds. Ends
# the test as skipped where one cannot be had.
bound_hostile() {
    local group=
    if [ "$(id -u)" -eq 0 ]; then
        enter_pids_group && group=$bounded_group
    else
        ulimit -u $(($(ps -u "$(id -u)" -L --no-headers | wc -l) + BOUND_TASKS))
    fi
    ulimit -v "$BOUND_ADDRESS_SPACE_KB"
    ulimit -f "$BOUND_FILE_KB"
    python3 - "$group" "$BOUND_ADDRESS_SPACE_KB" "$BOUND_FILE_KB" <<'END' || {
import os, resource, sys

group, memory_kb, file_kb = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])

def can_fork():
    try:
        pid = os.fork()
    except OSError:
        return False
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return True

def limit_group(most):
    with open(group + "/pids.max", "w") as file:
        file.write(most)

assert can_fork()
if os.getuid() == 0:
    most = open(group + "/pids.max").read()
    assert most.strip() != "max", "the group has no limit"
    limit_group("1")
    assert not can_fork(), "the group does not hold"
    limit_group(most)
else:
    most = resource.getrlimit(resource.RLIMIT_NPROC)
    assert most[1] != resource.RLIM_INFINITY, "there is no limit of processes"
    resource.setrlimit(resource.RLIMIT_NPROC, (0, most[1]))
    assert not can_fork(), "the limit of processes does not hold"
try:
    bytearray((memory_kb + 1) * 1024)
    raise AssertionError("more memory was allowed")
except MemoryError:
    pass
assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == file_kb * 1024
END
        leave_pids_group
        not_tested 'hostile programs: they cannot be bounded (a pids control group, or an ordinary user)'
        exit 77
    }
}
