#!/usr/bin/python3 -B
"""Programs of the assignment beside a submission, in its network.

Usage: test_beside.py PROCTOR [OPTIONS OF unittest]
"""
import end_to_end

HEAD = """
title: {en: A proxy}
entry: ["*.py"]
port: 9500
arguments: "{port} {port:origin}"
beside:
  - name: origin
    run: python3 origin.py {port}
    port: 9600
    bring: origin
    files: {page: "a page {hex:21}"}
points: 1
checks:
  - check: asks
    title: {en: it asks the origin}
    points: 1
    steps:
      - {client: ann, do: connect}
      - {client: ann, send: "{token}\\n"}
      - {client: ann, expect: "a page !{token}\\n"}
"""

ORIGIN = """
import socket, sys, time
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
page = open("page").read()
while True:
    client = server.accept()[0]
    data = client.recv(100)
    WORK
    print("asked for", data, flush=True)
    client.sendall(page.encode() + data)
    client.close()
"""

PROXY = """
import os, signal, socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    client = server.accept()[0]
    while data := client.recv(100):
        origin = socket.create_connection(("127.0.0.1", int(sys.argv[2])))
        origin.sendall(data)
        client.sendall(b"".join(iter(lambda: origin.recv(100), b"")))
    client.close()
"""


class Beside(end_to_end.EndToEnd):
    def grade(self, code, submission=PROXY, work="pass", origin=ORIGIN, head=HEAD):
        (self.work / "origin").mkdir(exist_ok=True)
        (self.work / "origin/origin.py").write_text(origin.replace("WORK", work), encoding="utf-8")
        return self.document(code, "", "grade", self.write("a.yaml", head),
                             self.write("submission.py", submission))

    def check(self, *arguments, **how):
        return self.grade(*arguments, **how)["checks"][0]

    def test_a_right_one(self):
        self.assertEqual(self.check(0)["verdict"], "pass")

    def test_nothing_is_claimed_while_it_works(self):
        """The submission sleeps meanwhile, as if nothing more would come."""
        self.assertEqual(self.check(0, work="sum(range(20000000))")["verdict"], "pass")
        self.assertEqual(self.check(0, work="time.sleep(0.4)")["verdict"], "pass")

    def test_a_wrong_one(self):
        check = self.check(1, PROXY.replace("client.sendall", "len"))
        self.assertEqual(check["finding"], "no answer")
        self.assertRegex("\n".join(row["text"] for row in check["evidence"]),
                         "the output of origin, which is the assignment's, ends with: asked for")
        check = self.check(1, "import time\ntime.sleep(1000)\n")
        self.assertEqual((check["id"], check["verdict"]), ("starts-and-listens", "fail"))

    def test_its_failure_is_the_assignments(self):
        """It costs no mark, whatever it fails at, and is told."""
        for text, how in (("exit code 3", {"work": "sys.exit(3)"}),
                          ("signal 9", {"work": "import os; os.kill(os.getpid(), 9)"}),
                          ("exit code 1; its output: .*No such file", {"origin": "open('nothing')"}),
                          ("does not listen", {"origin": "import time\ntime.sleep(1000)"})):
            with self.subTest(text):
                document = self.grade(3, **how)
                self.assertEqual((document["verdict"], document["points"]), ("error", None))
                self.assertRegex(document["error"]["text"], f"(?s)'origin'.*{text}")

    def test_it_is_out_of_reach(self):
        """Neither its processes nor its files are seen, and it cannot be ended."""
        spies = PROXY.replace("server = ", """
seen = [pid for pid in os.listdir("/proc") if pid.isdigit() and b"origin" in open(f"/proc/{pid}/cmdline", "rb").read()]
assert not seen, seen
for folder, _, files in os.walk("/tmp"):
    assert "origin.py" not in files, folder
try:
    os.kill(-1, signal.SIGCONT)
except OSError:
    pass
server = """, 1)
        self.assertEqual(self.check(0, spies)["verdict"], "pass")

    def test_its_port_is_none_of_the_submissions(self):
        checks = self.grade(1, PROXY.replace('int(sys.argv[1])', "9700"))["checks"]
        self.assertEqual(checks[0]["finding"], "listens on another port")
        head = HEAD.replace("port: 9500\narguments: \"{port} ", "arguments: \"9500 ")
        self.assertEqual(self.check(0, head=head)["verdict"], "pass")


end_to_end.main()
