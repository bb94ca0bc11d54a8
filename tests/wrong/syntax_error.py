"""Does not even start."""
while True
    pass
