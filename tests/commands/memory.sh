#!/usr/bin/env bash
# Whatever a submission keeps its memory in and its processor time spends with, it is held to its
# limits: by a control group, and without one.
#
# Usage: memory.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"
# shellcheck source=tests/commands/bounded.sh
. commands/bounded.sh
bound_hostile

cp "$proctor" hostile/memory/*.py hostile/time/*.py right/threads.py "$work"
cd "$work"
cat >assignment.yaml <<'END'
title: {en: Limits}
entry: ["*.py"]
port: 9500
protocol: {kind: echo}
points: 1
limits: {memory-mb: 200, cpu-s: 2}
checks:
  - {check: serves-one-client, points: 1}
END
sed '/port:/d' assignment.yaml >right.yaml
chmod -R a+rX .

# grade_all AS WITHOUT: as this user; WITHOUT is what is said where memory is watched, if not the same.
grade_all() {
    local name assignment
    for name in *.py; do
        local code=1 text='used up its memory'
        case ${2:+without-}$name in
        *children.py) text='used up its processor time' ;;
        without-one_piece.py | without-nameless.py) code=0 text='1 of 1 points' ;;
        without-queues.py) text='too many files and sockets' ;;
        *threads.py) code=0 text='pass' ;;
        esac
        assignment=assignment.yaml
        [ "$name" != threads.py ] || assignment=right.yaml
        # shellcheck disable=SC2086 # a command or nothing
        expect "$code" "$text" $1 ./proctor grade "$assignment" "$name"
    done
}

if [ "$(id -u)" -eq 0 ]; then
    grade_all '' ''
    grade_all 'setpriv --reuid=65534 --regid=65534 --clear-groups' without
else
    without=without
    ! ./proctor doctor | grep '^yes  control groups' >/dev/null || without=
    grade_all '' "$without"
fi
cd /
end_of_test 'what is hidden is counted all the same'
