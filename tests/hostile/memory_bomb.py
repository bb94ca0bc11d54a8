"""Keeps more and more memory, before it ever listens."""
kept = []
while True:
    kept.append(b"x" * (16 << 20))
