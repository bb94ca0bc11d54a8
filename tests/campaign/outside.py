"""What is seen from outside of a grading that should be over: whatever of it is left.

All that a run makes can be told by a tag in its names, by a user that nobody else is, or by the process
that made it.
"""
import os
import pathlib
import subprocess

USER = 54000 + os.getpid() % 1000  # an ordinary user of this campaign alone


def processes():
    """Of each process: its words, and its user on the host."""
    found = {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode(errors="replace")
            found[int(folder.name)] = (words, folder.stat().st_uid)
        except OSError:
            continue
    return found


def own_group(controller):
    with open("/proc/self/cgroup", encoding="ascii") as file:
        paths = {line.split(":")[1]: line.strip().split(":")[2] for line in file}
    return pathlib.Path(f"/sys/fs/cgroup/{controller}{paths.get(controller, paths.get('', ''))}")


def groups():
    """Control groups of proctor's that lie where this campaign's do, of whose makers none lives."""
    found = set()
    for place in own_group("pids"), own_group("memory"):
        for folder in place.glob("proctor-[0-9]*-*"):
            if not os.path.exists(f"/proc/{folder.name.split('-')[1]}"):
                found.add(str(folder))
    return found


def namespaces(tag):
    """Those in which a process with the tag lives; none if no such process lives."""
    said = subprocess.run(["lsns", "-n", "-o", "NS,COMMAND"], capture_output=True, text=True, check=False)
    return {line for line in said.stdout.splitlines() if tag in line}


def segments():
    """Shared memory of System V's in our own namespace, by whoever is its owner."""
    with open("/proc/sysvipc/shm", encoding="ascii") as table:
        return {line.split()[1] for line in table.readlines()[1:] if int(line.split()[7]) == USER}


class Before:
    """What there was before a run; left() is what there is in addition, in words."""

    def __init__(self, tag, scratch):
        self.tag, self.scratch = tag, scratch
        self.groups, self.segments = groups(), segments()

    def left(self):
        found = []
        for pid, (words, user) in processes().items():
            if pid != os.getpid() and (self.tag in words or user == USER):
                found.append(f"process {pid}: {words[:60]!r}")
        with open("/proc/self/mountinfo", encoding="utf-8") as mounts:
            found += [f"mount: {line.split()[4]}" for line in mounts if self.tag in line]
        found += [f"group: {path}" for path in groups() - self.groups]
        found += [f"namespace: {line}" for line in namespaces(self.tag)]
        found += [f"file: {path}" for path in self.scratch.iterdir()]
        for shared in "/tmp", "/dev/shm", "/var/tmp":
            for entry in os.scandir(shared):
                if entry.stat(follow_symlinks=False).st_uid == USER and entry.is_file(follow_symlinks=False):
                    found.append(f"file: {entry.path}")
                    os.unlink(entry.path)  # or it would be the next one's as well
        found += [f"segment: {number}" for number in segments() - self.segments]
        return found
