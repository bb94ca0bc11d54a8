# shellcheck shell=sh
# Goes on in a session of its own, and never ends.
setsid sh -c 'trap "" TERM HUP INT; while :; do sleep 1000; done' &
while :; do :; done
