# shellcheck shell=sh
# Writes files below the limit of one, without end.
i=0
while head -c 50M /dev/zero >$i; do i=$((i + 1)); done
exit 1
