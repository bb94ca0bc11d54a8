"""Prints what a CI system, a terminal, or who reads TAP would take for commands."""
print("x\n::add-mask::e\n::error file=a::passed\n##[error]x\nok 1 - all\n\x1b]0;title\x07\x1b[2J=1+1")
raise SystemExit(1)
