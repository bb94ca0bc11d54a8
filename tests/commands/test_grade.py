#!/usr/bin/python3 -B
"""The documents of `proctor grade`: findings, and the rows and waits that are their evidence.

Usage: test_grade.py PROCTOR [OPTIONS OF unittest]
"""
import end_to_end

ROW = """
title: {en: A row}
entry: ["*.py"]
port: 9500
protocol: {kind: sink}
points: 1
checks: [{check: second-client-served, points: 1}]
"""

TALKS = """
import socket
server = socket.create_server(("127.0.0.1", 9500))
while True:
    client = server.accept()[0]
    while data := client.recv(100):
        print("talk to", *client.getpeername(), ":", data.decode(), flush=True)
    client.close()
"""

LATE = """
title: {en: Late}
entry: ["*.py"]
port: 9500
protocol: {kind: echo}
checks:
  - check: waits
    title: {en: it waits}
    points: 1
    steps:
      - {client: ann, do: connect}
      - {client: ann, expect-event: waiting}
  - check: nothing
    title: {en: nothing comes}
    points: 1
    steps:
      - {client: ann, do: connect}
      - {client: ann, send: "a"}
      - {client: ann, expect: "a"}
      - {client: ann, expect-event: nothing}
points: 2
"""

SLEEPS = """
import socket, time
server = socket.create_server(("127.0.0.1", 9500))
while True:
    time.sleep(0.3)
    client = server.accept()[0]
    while data := client.recv(100):
        client.sendall(data)
        time.sleep(0.3)
        client.sendall(b"and more")
    client.close()
"""

CROWD = """
title: {en: A crowd}
entry: ["*.py"]
points: 1
protocol: {kind: echo}
checks: [{check: clients-do-not-mix, points: 1}]
"""


# An echo of bytes, in frames that are as long as their first byte says.
class SecondClient(end_to_end.EndToEnd):
    WAITS = ["blocked", "served after the first client left"]
    SERVED = ["served", "not played"]

    def grade(self, name, findings):
        """The checks of a submission: these findings, by evidence."""
        checks = self.document(0, ".", "grade", "second-client", "--", "python3",
                               f"submissions/{name}.py")["checks"]
        self.assertEqual([check["finding"] for check in checks], findings)
        self.assertEqual([check["decided_by"] for check in checks], ["evidence"] * len(checks))
        return checks

    def test_who_serves_one_client_at_a_time(self):
        evidence = self.grade("sequential_sink", self.WAITS)[0]["evidence"]
        self.assertIn("the first client", [row.get("waits_on") for row in evidence])
        self.assertIn(0, [row.get("inode") for row in evidence])
        self.grade("sequential_echo", self.WAITS)

    def test_who_leaves_processes(self):
        self.grade("escaping", self.WAITS)
        self.assertEqual(self.run_command("pgrep", "-f", "submissions/escaping.py").out, "",
                         "a submission is still running")

    def test_who_serves_many(self):
        for name in ("threaded_echo", "select_echo", "slow_ticker", "upper_case"):
            with self.subTest(name):
                self.grade(name, self.SERVED)


class Evidence(end_to_end.EndToEnd):
    def test_no_row_comes_twice(self):
        (served,) = [check for check in self.marked(1, ROW, TALKS) if check["id"] == "second-client-served"]
        self.assertEqual(served["verdict"], "fail")
        rows = [row["text"] for row in served["evidence"]]
        self.assertEqual(len(set(rows)), len(rows), rows)
        for begin in ("client 1", "client 2's"):
            self.assertTrue(any(row.startswith(begin) for row in rows), rows)
        self.assertTrue(any("sleeps in recvfrom on client 1" in row for row in rows), rows)

    def test_what_was_printed(self):
        """It stands there as it was, but for what would act on a terminal."""
        checks = self.marked(1, ROW, r'print("d\u00e9j\u00e0 vu \x1b[31mrouge\x1b[0m \u202egnirts")')
        rows = [row["text"] for check in checks for row in check["evidence"]]
        self.assertIn("its output: déjà vu rouge gnirts\n", rows)

    def test_who_only_sleeps_for_a_while(self):
        """He has to wake up before it is said that nothing comes, or nobody is taken."""
        checks = [check for check in self.marked(1, LATE, SLEEPS) if check["id"] in ("waits", "nothing")]
        self.assertEqual([(check["verdict"], check["decided_by"]) for check in checks],
                         [("fail", "evidence")] * 2)

    def test_a_crowd_of_threads(self):
        assignment = self.write("crowd.yaml", CROWD)
        check = self.document(0, "", "grade", assignment, "right/threads.py")["checks"][0]
        self.assertGreaterEqual(check["timeline_left_out"]["tasks"], 20)
        threads = {event["tid"] for event in check["timeline"] if event.get("until_ms") is not None}
        self.assertIn(len(threads), range(2, 13))
        times = [event["t_ms"] for event in check["timeline"]]
        self.assertEqual(times, sorted(times))

end_to_end.main()
