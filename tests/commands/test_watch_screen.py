#!/usr/bin/python3 -B
"""The full screen of watch, in a terminal of tmux(1) at 80×24: what stands there, its keys, and the
terminal afterwards, however watch has ended. Skipped where there is no tmux.

Usage: test_watch_screen.py PROCTOR [OPTIONS OF unittest]
"""
import shlex
import shutil
import socket
import sys
import time

import end_to_end

if shutil.which("tmux") is None:
    print("skipped: there is no tmux")
    sys.exit(77)


class Screen(end_to_end.EndToEnd):
    def setUp(self):
        super().setUp()
        self.socket = self.work / "tmux"
        self.addCleanup(self.tmux, "kill-server")

    def tmux(self, *words):
        return self.run_command("tmux", "-S", self.socket, "-f", "/dev/null", *words).out

    def shell(self, command):
        self.tmux("new-session", "-d", "-x", "80", "-y", "24", command)

    def see(self, *texts):
        """Waits until all of them stand on the screen, and returns its lines."""
        while True:
            lines = self.tmux("capture-pane", "-p").splitlines()
            if all(any(text in line for line in lines) for text in texts):
                return lines
            time.sleep(0.02)

    def press(self, *keys):
        self.tmux("send-keys", *keys)

    def watch(self, model="sequential"):
        self.server = self.serve(model, "--port", "0")
        self.shell(f"{shlex.quote(end_to_end.program)} watch {self.server.port}")
        self.see("no client so far", "sleeps in accept")

    def connect(self, words=b"hello\n"):
        client = socket.create_connection(("127.0.0.1", int(self.server.port)))
        self.addCleanup(client.close)
        client.sendall(words)
        return client

    def test_who_waits_and_why(self):
        self.watch()
        self.connect()
        self.see("1    127.0.0.1", "served")
        self.connect(b"and me\n")
        lines = self.see("waits in the accept queue: the only thread sleeps on client 1",
                         "sleeps in recv", "what changed", "2 clients, 1 wait")
        self.assertEqual(len(lines), 24)
        self.assertTrue(lines[-1].startswith("q quit"))
        row = next(i for i, line in enumerate(lines) if line.startswith("2    "))
        self.assertIn("queued", lines[row])
        self.assertIn("waits in the accept queue", lines[row + 1])

    def test_keys(self):
        self.watch("thread")
        self.connect()
        self.see("1    127.0.0.1", "served")
        self.press("s")
        self.see("sort:stage")
        self.press("f", "f")
        lines = self.see("f waiting")
        self.assertFalse(any(line.startswith("1    ") for line in lines))
        self.press("f")
        self.see("1    127.0.0.1", "f all")
        self.press("g")
        self.see("many", "process")
        self.press("g", "Enter")
        self.see("held by", "requests    1")
        self.press("Enter", "h")
        self.see("step back in time")
        self.press("h", "Left")
        self.see("FROZEN, 1 back")
        self.press("Home")
        lines = self.see("0 clients, 0 wait")
        self.press("End", "Space")
        self.see("1 clients, 0 wait", "FROZEN, 0 back")
        self.tmux("resize-window", "-x", "120", "-y", "30")
        lines = self.see("q quit")
        while len(lines) != 30 or not lines[-1].startswith("q quit"):
            lines = self.see("q quit")
        self.press("q")

    def end(self, how):
        """Watches a server that it starts; the terminal is as before when it has ended like this."""
        before, after = self.work / "before", self.work / "after"
        record = self.work / "record"
        command = (f"stty -a > {before}; {shlex.quote(end_to_end.program)} watch --record {record} -- "
                   f"{shlex.quote(end_to_end.program)} serve sequential --port 0; "
                   f"stty -a > {after}; echo usable; exec cat")
        self.shell(f"sh -c {shlex.quote(command)}")
        self.see("no client so far")
        shell = self.tmux("display-message", "-p", "#{pane_pid}").strip()
        watch = int(self.run_command("pgrep", "-o", "-P", shell).out)
        server = int(self.run_command("pgrep", "-o", "-P", str(watch)).out)
        how(watch, server)
        self.see("usable")
        while after.stat().st_size < before.stat().st_size:
            pass
        self.assertEqual(before.read_text(), after.read_text())
        self.assertFalse(any("q quit" in line for line in self.see("usable")), "the usual screen is back")
        while self.run_command("ps", "-o", "stat=", "-p", str(server)).out.strip("Z+s\n"):
            time.sleep(0.02)
        self.assertIn('"kind":"listener"', record.read_text())

    def test_quits(self):
        self.end(lambda watch, server: self.press("q"))

    def test_ends_with_its_target(self):
        self.end(lambda watch, server: self.run_command("kill", "-KILL", server))

    def test_terminated(self):
        self.end(lambda watch, server: self.run_command("kill", "-TERM", watch))

    def test_killed(self):
        self.end(lambda watch, server: self.run_command("kill", "-KILL", watch))


if __name__ == "__main__":
    end_to_end.main()
