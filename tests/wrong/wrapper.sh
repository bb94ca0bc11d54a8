#!/bin/sh
# A script that waits for the server it started: SIGTERM ends the script alone.
cd "$(dirname "$0")/../right" || exit
python3 threads.py
exit $?
