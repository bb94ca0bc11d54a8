# shellcheck shell=sh
# Leaves folders within folders that nobody may enter, FIFOs, links that lead out, and names that are lines.
i=0
while [ $i -lt 2000 ] && mkdir d && cd -P d; do i=$((i + 1)); done
mkfifo pipe; ln -s /etc/passwd link; touch "$(printf 'a\n::error::b\033[2J')" ./-rf
chmod 0 .
exit 1
