#!/bin/sh
# A script that waits for the server it started, and hands SIGTERM on to it.
cd "$(dirname "$0")" || exit
python3 threads.py &
trap 'kill $!' TERM
wait
