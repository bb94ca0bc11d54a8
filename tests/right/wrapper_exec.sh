#!/bin/sh
# A script that becomes the server.
cd "$(dirname "$0")" || exit
exec python3 threads.py
