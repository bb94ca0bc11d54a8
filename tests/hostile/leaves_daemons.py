"""Leaves processes of a session of their own behind, which ignore what they can, and ends."""
import os
import signal
import time

for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in range(1, 32):
                try:
                    signal.signal(number, signal.SIG_IGN)
                except OSError:
                    pass
            time.sleep(100000)
        os._exit(0)
raise SystemExit(0)
