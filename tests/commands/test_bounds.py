#!/usr/bin/python3 -B
"""What a submission can cost its grader is bounded: time, memory, and what both wait for.

Usage: test_bounds.py PROCTOR [OPTIONS OF unittest]
"""
import os
import subprocess
import sys
import unittest

import end_to_end

ASSIGNMENT = """\
title: {en: Bounds}
entry: ["*.py"]
port: 9500
protocol: {kind: echo}
points: 3
limits: {%s}
checks:
  - {check: serves-one-client, points: 1}
  - {check: no-spinning, points: 1}
  - {check: ends-on-SIGTERM, points: 1}
"""

ECHO = """
import socket
with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        client, _ = listener.accept()
        with client:
            while data := client.recv(4096):
                client.sendall(data)
"""

NAPS = ECHO.replace("client.sendall(data)", "time.sleep(15)").replace("socket\n", "socket, time\n", 1)

IN_FLIGHT = """
import array, os, resource, socket
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
many = array.array("i", [os.open("/dev/null", os.O_RDONLY)] * 253)
kept = []
try:
    while True:
        kept.append(socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM))
        for _ in range(9):
            kept[-1][0].sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, many)], socket.MSG_DONTWAIT)
except OSError as error:
    print(error.strerror)
""" + ECHO

ANOTHER_USER = 54321  # whose descriptors in flight are nobody else's business


class Bounds(end_to_end.EndToEnd):
    def grade(self, code, limits, submission):
        assignment = self.write("bounds.yaml", ASSIGNMENT % limits)
        checks = self.document(code, "", "grade", assignment, self.write("one.py", submission))
        return [(one["verdict"], one["finding"]) for one in checks["checks"]]

    def test_the_whole_grading_has_a_limit(self):
        used_up = "used up the time for its whole grading"
        not_played = "not played: the time for the whole grading is used up"
        self.assertEqual(self.grade(1, "grading-s: 2", NAPS),
                         [("fail", used_up), ("fail", not_played), ("fail", not_played)])

    def test_who_answers_is_graded_within_it(self):
        verdicts = [verdict for verdict, _ in self.grade(0, "grading-s: 100", ECHO)]
        self.assertEqual(verdicts, ["pass"] * 3)

    @unittest.skipUnless(os.geteuid() == 0, "runs as a user of its own")
    def test_descriptors_in_flight_hold_up_nobody(self):
        self.work.chmod(0o755)
        files = [self.write(f"{name}.py", text) for name, text in (("flying", IN_FLIGHT), ("echo", ECHO))]
        for path in files:
            path.chmod(0o644)
        gradings = [subprocess.Popen([end_to_end.program, "grade", "checks", "--only=serves-one-client",
                                      "--", sys.executable, path],
                                     user=ANOTHER_USER, group=ANOTHER_USER, extra_groups=[],
                                     stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
                    for path in files]
        self.assertEqual([one.wait() for one in gradings], [0, 0])


end_to_end.main()
