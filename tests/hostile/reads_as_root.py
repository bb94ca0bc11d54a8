"""Reads what only root may, or others at home, and writes to devices."""
import glob
import os

found = []
for path in glob.glob("/etc/ssl/private/*") + ["/etc/ssl/private", "/proc/kpagecount", "/proc/kcore", "/root"]:
    try:
        os.close(os.open(path, os.O_RDONLY))
        found.append(path)
    except OSError:
        pass
ours = os.getcwd() + "/"
found += [home for home in glob.glob("/home/*") if not ours.startswith(home + "/")]
found += [path for path in glob.glob("/dev/*") if not os.path.isdir(path) and os.path.basename(path) not in
          ("null", "zero", "full", "random", "urandom", "tty", "ptmx", "stdin", "stdout", "stderr", "core", "console")]
try:
    os.setuid(0)
    found.append("a way to be root")
except OSError:
    pass
print("found:", found)
raise SystemExit(3)
