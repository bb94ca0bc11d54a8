#!/usr/bin/python3 -B
"""The documents of `proctor load`: what is counted and measured, on servers of every kind, and what
stands there when a load or its server does not come to its own end.

Usage: test_load.py PROCTOR [OPTIONS OF unittest]
"""
import json
import os
import pathlib
import signal
import subprocess

import end_to_end

# A server that knows no GET, and closes after each reply.
KNOWS_NO_GET = """
import http.server as http
server = http.ThreadingHTTPServer(("127.0.0.1", 0), http.BaseHTTPRequestHandler)
print("listening on 127.0.0.1:%d" % server.server_port, flush=True)
server.serve_forever()
"""


# A server that listens before it can answer.
LOADS_DATA = """
import socket, sys, threading
refusals = iter(range(3))
def serve(client):
    for line in client.makefile():
        client.sendall(b"+PONG\\n" if next(refusals, None) is None else b"-LOADING data\\n")
listener = socket.create_server(("127.0.0.1", 0))
print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
"""


class Load(end_to_end.EndToEnd):
    def load(self, code, pattern, *arguments):
        """The one result of a load that has ended with CODE, saying the pattern."""
        return self.document(code, pattern, "load", *arguments)["results"][0]

    def begin(self, *arguments):
        """A load that goes on; what it says goes to self.said, its document to self.written."""
        self.said, self.written = self.work / "said", self.work / "written.json"
        with open(self.said, "wb") as said:
            load = subprocess.Popen([end_to_end.program, "load", *arguments, "--json", self.written],
                                    stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        self.addCleanup(load.wait)
        self.addCleanup(load.kill)
        return load

    def result_of(self, load):
        """The exit code of a load that was begun, and its result."""
        code = load.wait()
        return code, end_to_end.load_document(self.written)["results"][0]

    def assert_adds_up(self, result):
        requests = result["requests"]
        self.assertEqual(requests["sent"], requests["answered"] + requests["failed"]["total"] +
                         requests["in_flight"])


class AServerThatServesAll(Load):
    def setUp(self):
        super().setUp()
        self.server = self.serve("epoll")
        self.address = self.server.address

    def test_a_load_of_twenty_clients(self):
        files = {name: self.work / f"load.{name}" for name in ("hgrm", "hlog", "csv")}
        document = self.document(
            0, "clients +20 asked, 20 connected, 20 served", "load", self.address, "--clients", "20",
            "--threads", "2", "--duration", "900ms", "--warmup", "50ms", "--hgrm", files["hgrm"],
            "--hlog", files["hlog"], "--csv", files["csv"])
        self.assertEqual(document["schema"], "proctor.run/1")
        self.assertEqual(document["tool"]["name"], "proctor")
        result = document["results"][0]
        self.assertIn(result["validity"]["verdict"], ("valid", "suspect"))
        self.assert_adds_up(result)
        self.assertEqual(result["clients"]["served"], 20)
        self.assertEqual(result["requests"]["failed"]["total"], 0)
        latency = result["latency_ns"]
        self.assertLess(0, latency["p50"])
        self.assertLessEqual(latency["p50"], latency["p99.9"])
        self.assertLessEqual(latency["p99.9"], latency["max"])

        self.assertRegex(files["hgrm"].read_text(), r"(?m)^ *[0-9.]* 1.000000000000 .* inf$")
        self.assertRegex(files["csv"].read_text(), r"(?m),1.000000000000,.*,Infinity$")
        lines = files["hlog"].read_text().splitlines()
        tags = [line.split(",")[0] for line in lines if line.startswith("Tag=") and ",HISTFAAA" in line]
        counts = {tag: tags.count(f"Tag={tag}")
                  for tag in ("latency", "service", "slip", "connect", "first-service")}
        self.assertEqual(sum(counts.values()), 5, counts)
        self.assertIn("Tag=window", tags)

    def test_an_open_load(self):
        result = self.load(
            0, "100/s offered", self.address, "--clients", "4", "--threads", "2", "--rate", "6000/min",
            "--arrivals", "poisson", "--duration", "500ms", "--warmup", "0")
        self.assertEqual(result["cell"]["rate"], 100)
        self.assertEqual(result["cell"]["arrivals"], "poisson")
        self.assertGreater(result["slip_ns"]["count"], 0)

    def test_what_the_server_costs(self):
        server = self.load(
            0, "server .* of CPU", self.address, "--clients", "8", "--duration", "500ms", "--warmup", "0",
            "--pid", self.server.pid)["server"]
        self.assertGreater(server["cpu_us_per_request"], 0)
        # A recv and a send for each request, and at most one wait: where the kernel lets them be
        # counted.
        if server["syscalls_per_request"] is None:
            self.assertTrue(server["not_measured"])
        else:
            self.assertLessEqual(2, server["syscalls_per_request"])
            self.assertLess(server["syscalls_per_request"], 4)

    def test_which_engine_was_chosen(self):
        """By what is known, and the document says so."""
        few = self.load(0, "CPU per request .epoll.", self.address, "--clients", "1", "--duration", "50ms",
                        "--warmup", "0")["generator"]
        self.assertEqual((few["engine"], few["engine_by"]), ("epoll", "proctor"))
        asked = self.load(0, "CPU per request .epoll.", self.address, "--clients", "20", "--duration", "50ms",
                          "--warmup", "0", "--engine", "epoll")["generator"]
        self.assertEqual((asked["engine"], asked["engine_by"]), ("epoll", "asked"))

    def test_a_document_on_standard_output(self):
        run = self.proctor("load", self.address, "--duration", "50ms", "--warmup", "0", "--json", "-")
        self.assertEqual(run.code, 0, run.err)
        self.assert_adds_up(json.loads(run.out)["results"][0])

    def test_clients_that_come_again(self):
        result = self.load(
            0, "connected [0-9]+ times", self.address, "--requests-per-connection", "2", "--clients", "5",
            "--duration", "500ms", "--warmup", "0")
        self.assert_adds_up(result)
        self.assertGreater(result["connections"]["made"], 5)

    def test_a_server_that_is_stopped(self):
        """What is out stays in flight, and the run ends when it is told to."""
        load = self.begin(self.address, "--clients", "20", "--duration", "1h", "--engine", "epoll")
        while len(os.listdir(f"/proc/{self.server.pid}/fd")) <= 20:
            self.assertIsNone(load.poll())
        os.kill(self.server.pid, signal.SIGSTOP)
        self.addCleanup(os.kill, self.server.pid, signal.SIGCONT)
        status = pathlib.Path(f"/proc/{self.server.pid}/status")
        while "\nState:\tT" not in status.read_text():
            pass
        # All have sent something, and the server may hold one of their requests in its hand.
        asking, before = 0, -1
        while asking < 19 or asking != before:
            self.assertIsNone(load.poll())
            before = asking
            rows = self.run_command("ss", "-Htn", "state", "established",
                                    f"sport = :{self.server.port}").out.splitlines()
            asking = sum(int(row.split()[0]) > 0 for row in rows)
        load.send_signal(signal.SIGINT)
        _, result = self.result_of(load)
        self.assertIn("20 in flight at the end", self.said.read_text())
        self.assert_adds_up(result)
        self.assertEqual(result["requests"]["in_flight"], 20)


class OtherServers(Load):
    def test_a_server_in_another_language(self):
        server = self.start("python3", "support/echo_any_port.py")
        result = self.load(0, "clients +20 asked, 20 connected, 20 served", server.address,
                           "--clients", "20", "--duration", "300ms", "--warmup", "50ms")
        self.assert_adds_up(result)
        self.assertEqual(result["requests"]["failed"]["total"], 0)

    def test_a_server_that_is_killed(self):
        """The load ends at once, not after its hour, and names what it saw."""
        server = self.serve("thread")
        load = self.begin(server.address, "--clients", "20", "--duration", "1h")
        while len(os.listdir(f"/proc/{server.pid}/task")) <= 20:
            self.assertIsNone(load.poll())
        server.kill()
        code, result = self.result_of(load)
        self.assertEqual(code, 1)
        self.assertRegex(self.said.read_text(), "20 failed in phase|failed in phase wait")
        self.assert_adds_up(result)
        self.assertGreater(result["requests"]["failed"]["total"], 0)

    def test_http(self):
        server = self.serve("epoll", "--protocol", "http")
        result = self.load(0, "[0-9]+ answered with 2xx", server.address, "--protocol", "http",
                           "--path", "/a?b", "--clients", "8", "--duration", "500ms", "--warmup", "0")
        requests = result["requests"]
        self.assertEqual(requests["by_status"]["2xx"], requests["answered"])
        self.assertEqual(result["cell"]["protocol"], "http")

    def test_a_server_that_knows_no_get(self):
        server = self.start("python3", "-c", KNOWS_NO_GET)
        result = self.load(1, "[0-9]+ of them: \"HTTP status 501\"", server.address, "--protocol", "http",
                           "--clients", "2", "--threads", "2", "--duration", "500ms", "--warmup", "0")
        self.assert_adds_up(result)
        self.assertEqual(result["requests"]["answered"], 0, "a refusal is no answer")
        self.assertEqual(result["clients"]["served"], 0)
        self.assertEqual(result["requests"]["by_status"], {"5xx": result["requests"]["failed"]["total"]})
        self.assertEqual([kind["text"] for kind in result["requests"]["unexpected"]], ['"HTTP status 501"'])
        self.assertEqual({failure["cause"] for failure in result["requests"]["failed"]["by"]}, {"status_5xx"})

    def test_what_the_first_reply_was(self):
        """Any line will do, so it is shown."""
        server = self.serve("epoll", "--protocol", "prefix", "--prefix", "-ERR ")
        said = ("--protocol", "exchange", "--send", r"PING\r", "--clients", "3", "--warmup", "0", "--duration",
                "200ms")
        result = self.load(0, r'the first reply was "-ERR PING\\r"; --expect checks all', server.address, *said)
        self.assertEqual(result["requests"]["first_reply"], r'"-ERR PING\r"')
        result = self.load(1, r'3 of them: "-ERR PING\\r"', server.address, *said, "--expect", "+PONG", "--ready",
                           "no")
        self.assertEqual(result["requests"]["unexpected"], [{"text": r'"-ERR PING\r"', "count": 3}])
        self.assertIsNone(result["requests"]["first_reply"])
        self.assertEqual(result["throughput_per_s"], 0)
        self.assertEqual(self.expect(1, "rate +none", "load", server.address, *said, "--expect", "+PONG",
                                     "--ready", "no").out.count("/s over"), 0)

    def test_a_server_that_is_not_ready(self):
        """It refuses the first three requests, and none of the load."""
        server = self.start("python3", "-c", LOADS_DATA)
        result = self.load(0, " 0 failed", server.address, "--protocol", "exchange", "--send", "PING",
                           "--expect", "+PONG", "--clients", "2", "--warmup", "0", "--duration", "200ms")
        self.assertEqual(result["clients"]["served"], 2)
        server = self.start("python3", "-c", LOADS_DATA)
        self.load(1, '"-LOADING data"', server.address, "--protocol", "exchange", "--send", "PING",
                  "--expect", "+PONG", "--clients", "2", "--warmup", "0", "--duration", "200ms",
                  "--ready", "no")

    def test_a_responder_that_waits(self):
        server = self.start(end_to_end.program, "respond", "--delay", "20ms")
        result = self.load(0, "8 served", server.address, "--clients", "8", "--duration", "500ms",
                           "--warmup", "0")
        self.assertGreaterEqual(result["latency_ns"]["p50"], 20e6)


end_to_end.main()
