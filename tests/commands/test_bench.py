#!/usr/bin/python3 -B
"""The documents of `proctor bench` and `proctor compare`: what is measured and counted, going on after
an end, servers in trouble. No figure that depends on time is asserted.

Usage: [BURN=LIBRARY] test_bench.py PROCTOR [OPTIONS OF unittest]

LIBRARY is that of burn.c, which cannot be loaded with sanitizers.
"""
import os
import pathlib
import re
import signal
import socket
import unittest

import end_to_end

BURN = os.environ.get("BURN") and os.path.realpath(os.environ["BURN"])

SMALL = """
title: two cells and two rates
rounds: 2
repetitions: 2
slice: 20ms
models: [epoll, sequential]
cells:
  - clients: [2, 4]
  - clients: [2]
    protocol: http
    rate: ["100", 1000k]
"""

DIES = """
import os, socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
client, _ = listener.accept()
for _ in range(20):
    client.sendall(client.recv(64))
os._exit(3)
"""

HANGS = """
import socket, sys, time
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
client, _ = listener.accept()
client.sendall(client.recv(64))
while True:
    time.sleep(1000)
"""

LIES = """
import socket, sys, threading
def serve(client):
    while data := client.recv(65536):
        client.sendall(data[::-1])
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
"""

TARDY = """
import socketserver, sys, time
class Tardy(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(65536):
            time.sleep(0.01)
            self.request.sendall(data)
socketserver.ThreadingTCPServer.daemon_threads = True
socketserver.ThreadingTCPServer(("127.0.0.1", int(sys.argv[1])), Tardy).serve_forever()
"""


def worked_ns(pid):
    try:
        return int(pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()[0])
    except (OSError, IndexError):
        return 0


class Suites(end_to_end.Background):
    def assert_small(self, document):
        # Whoever has fallen behind the lower rate, as on a machine that was taken away, has no
        # higher one.
        self.assertIn(len(document["results"]), range(6, 9))
        self.assertIs(document["interrupted"], False)
        self.assertEqual(len(document["cells_done"]), 4)

    def bench_small(self, code, pattern, *arguments):
        """Benches the small suite into the folder self.output."""
        self.output = self.work / "small"
        self.expect(code, pattern, "bench", "--suite", self.write("small.yaml", SMALL),
                    "--output", self.output, *arguments)

    def read_small(self):
        return end_to_end.load_document(self.output / "run.json")

    def test_a_suite(self):
        self.bench_small(0, "not ranked, as it does not serve all clients or is in trouble: sequential", "--seed",
                         "5")
        document = self.read_small()
        results = document["results"]
        self.assert_small(document)
        self.assertEqual(len(document["slices"]), 2 * len(results))
        self.assertEqual({r["target"]["model"] for r in results}, {"epoll", "sequential"})
        self.assertEqual([r["trouble"] for r in results if r["trouble"] is not None], [])
        self.assertEqual([r["clients"]["served"] for r in results if r["cell"]["name"].startswith("4 ")],
                         [4, 1])
        self.assertEqual({r["metric"] for r in document["rankings"]},
                         {"throughput_per_s", "p50_ns", "server_cpu_us_per_request"})
        # Of what is counted once for a start there is one value for each.
        self.assertEqual({len(r["rounds"]["bytes_per_connection"]["values"]) for r in results}, {2})
        # With only one that is ranked there is nothing to test, and a test that was not made has no p.
        self.assertEqual([r["friedman_p"] for r in document["rankings"] if r["targets"] == []
                          and r["friedman_p"] is not None], [])
        # Who leaves clients unserved is not the best.
        for ranking in document["rankings"]:
            self.assertNotIn("sequential", ranking["best"])
        self.assertEqual(len(document["curves"]["memory"]), 2)
        self.assertEqual(len(document["curves"]["rate"]), 2)

    def test_going_on(self):
        """A bench that goes on takes what is done as it is, and measures the rest."""
        self.bench_small(0, ".", "--seed", "5")
        document = self.read_small()
        document["cells_done"] = document["cells_done"][:2]
        document["results"] = [r for r in document["results"] if r["cell"]["protocol"] == "echo"]
        document["interrupted"] = True
        document["results"][0]["throughput_per_s"] = 12345
        self.write_json("small/run.json", document)
        self.bench_small(0, ".", "--seed", "5", "--resume")
        document = self.read_small()
        self.assert_small(document)
        self.assertEqual(document["results"][0]["throughput_per_s"], 12345)
        self.bench_small(2, "another bench.*rounds", "--seed", "5", "--rounds", "3", "--resume")
        self.bench_small(2, "another bench.*seed", "--seed", "6", "--resume")
        self.write("small/run.json", "{\n")
        self.bench_small(2, "run.json:[12]: ", "--resume")

    def test_what_a_suite_says_nothing_of(self):
        """It is as the options say. The suite comes through a pipe."""
        reading, writing = os.pipe()
        os.write(writing, SMALL.encode())
        os.close(writing)
        document = self.document(0, "3 at a time", "bench", "--suite", f"/dev/fd/{reading}", "--models",
                                 "epoll", "--rounds", "1", "--repetitions", "1", "--depth", "3",
                                 pass_fds=(reading,))
        os.close(reading)
        self.assertEqual({r["cell"]["depth"] for r in document["results"]}, {3})

    def test_rates_in_two_lists(self):
        """Who is behind at one rate is left out at higher ones, and asked for lower ones."""
        suite = self.write("rates.yaml", """
title: rates in two lists
rounds: 2
repetitions: 1
slice: 20ms
models: [sequential]
cells:
  - {clients: [2], rate: [5000k, 6000k]}
  - {clients: [2], rate: ["1000"]}
""")
        document = self.document(0, "left out, as they fell behind at a lower rate: sequential", "bench",
                                 "--suite", suite)
        self.assertEqual([r["cell"]["rate"] for r in document["results"]], [5e6, 1e3])

    def test_an_end_that_is_asked_for(self):
        """It keeps what there is: here once the server has worked for a while."""
        output = self.work / "ended"
        bench = self.begin("bench", "--models", "epoll", "--clients", "2", "--rounds", "100000",
                           "--repetitions", "1", "--slice", "20ms", "--output", output)
        while max(map(worked_ns, self.children_of(bench)), default=0) < 100e6:
            self.assertIsNone(bench.poll())
        bench.send_signal(signal.SIGINT)
        self.assertEqual(bench.wait(), 0)
        document = end_to_end.load_document(output / "run.json")
        self.assertIs(document["interrupted"], True)
        self.assertEqual(document["cells_done"], [])
        self.assertGreater(len(document["slices"]), 0)
        self.assertGreater(document["results"][0]["throughput_per_s"], 0)
        self.assertIn("--resume continues", self.said.read_text())

    def test_two_models(self):
        self.expect(0, "epoll +8/8", "bench", "--models", "select,epoll", "--clients", "8", "--rounds",
                    "2", "--slice", "50ms", "--output", self.work / "bench/deep")
        results = end_to_end.load_document(self.work / "bench/deep/run.json")["results"]
        self.assertEqual([r["target"]["name"] for r in results], ["select", "epoll"])
        for result in results:
            self.assertEqual(len(result["rounds"]["p50_ns"]["values"]), 2)
            self.assertGreater(result["server"]["cpu_us_per_request"], 0)


class OthersServers(end_to_end.Background):
    def test_servers_in_trouble(self):
        dies, hangs, lies = (self.write(f"{name}.py", text) for name, text in
                             (("dies", DIES), ("hangs", HANGS), ("lies", LIES)))
        document = self.document(
            1, "epoll +2/2", "bench", "--models", "epoll", "--clients", "2", "--rounds", "2", "--slice",
            "20ms", "--against", f"dies=python3 {dies} {{port}}",
            "--against", f"hangs=python3 {hangs} {{port}}",
            "--against", f"lies=python3 {lies} {{port}}", "--against", "absent=/no/such/program {port}")
        epoll, dies, hangs, lies, absent = document["results"]
        self.assertIsNone(epoll["trouble"])
        self.assertGreater(epoll["throughput_per_s"], 0)
        self.assertRegex(dies["trouble"], "ended|closed|fail")
        self.assertIn("answer", hangs["trouble"])
        self.assertIn("fail", lies["trouble"])
        self.assertIn("cannot be started", absent["trouble"])

    def test_a_server_that_runs_already(self):
        """It is measured, and not ended."""
        server = self.serve("epoll", "--protocol", "echo")
        document = self.document(0, "no system calls per request: it was not started by proctor", "bench", "--against", f"there={server.address}",
                                 "--clients", "2", "--rounds", "2", "--slice", "20ms")
        self.assertIsNone(document["results"][0]["server"]["cpu_us_per_request"])
        self.assertIsNone(server.process.poll(), "it has been ended")


class Compare(end_to_end.Background):
    def test_http(self):
        path = self.work / "http.json"
        self.proctor("compare", "epoll", "epoll", "--protocol", "http", "--path", "/x", "--budget", "2s",
                     "--json", path)  # whatever it finds
        results = end_to_end.load_document(path)["results"]
        self.assertEqual({(r["cell"]["protocol"], r["cell"]["path"]) for r in results}, {("http", "/x")})
        self.assertEqual([r["trouble"] for r in results if r["trouble"] is not None], [])

    def test_a_new_server_that_lies(self):
        self.expect(1, "new: ", "compare", "epoll", f"python3 {self.write('lies.py', LIES)} {{port}}",
                    "--clients", "2", "--slice", "20ms")

    def test_what_was_stopped_passes_no_gate(self):
        path = self.work / "stopped.json"
        compare = self.begin("compare", "epoll", "epoll", "--clients", "2", "--json", path)
        while not self.children_of(compare):
            self.assertIsNone(compare.poll())
        compare.send_signal(signal.SIGINT)
        self.assertEqual(compare.wait(), 4)
        self.assertRegex(self.said.read_text(), "(?m)^it was stopped before its end$")
        document = end_to_end.load_document(path)
        self.assertIn("it was stopped before its end", document["reasons"])
        self.assertIs(document["interrupted"], True)

    def count_starts(self, command, *options):
        """How often three servers were started that note it, and what was said."""
        starts = self.work / "starts"
        slow = f"echo started >>{starts}; {command}"
        run = self.proctor("compare", slow, slow, "--clients", "2", *options)
        return len(starts.read_text().splitlines()), run.out + run.err

    def test_a_start_is_not_begun_for_which_there_is_no_time(self):
        """Whatever is left is less than three servers take that have to warm up as well: there would
        be time for a block, if starting them took none."""
        serve = f"sleep 0.35; exec {end_to_end.program} serve epoll --port {{port}}"
        starts, said = self.count_starts(serve, "--budget", "3s")
        self.assertIn("there was time for 0 blocks", said)
        self.assertEqual(starts, 4, said)

    def test_one_that_does_not_listen_is_waited_for_once(self):
        starts, said = self.count_starts("exec sleep 1000 # {port}", "--budget", "60s", "--start-timeout", "1s")
        self.assertIn("does not listen", said)
        self.assertEqual(starts, 1, said)

    def test_no_time_for_a_block(self):
        """What is counted is all there is, and that does not decide. Each side is started once with
        one client, and BASE once with all of them."""
        starts = self.work / "starts"
        slow = f"echo started >>{starts}; sleep 0.2; exec {end_to_end.program} serve epoll --port {{port}}"
        document = self.document(4, "there was time for 0 blocks", "compare", slow, slow,
                                 "--clients", "2", "--budget", "1s", "--strict")
        self.assertEqual(len(starts.read_text().splitlines()), 4)
        self.assertTrue(any("the rule needs at least" in reason for reason in document["reasons"]),
                        document["reasons"])
        self.assertEqual([c for c in document["comparisons"] if c["exact"] and "syscalls" in c["metric"]
                          and c["verdict"] != "same"], [])
        self.assertEqual([c for c in document["comparisons"] if c["exact"] and c["low"] is not None], [])
        self.assertIsNone(document["generator_share"])
        self.assertNotIn("bytes_per_connection", [c["metric"] for c in document["comparisons"]])
        self.assertEqual([r["side"] for r in document["results"]], ["base", "new", "control"])


class Counting(end_to_end.Background):
    """What counts system calls may have to be mounted first, for the one command alone."""

    def setUp(self):
        super().setUp()
        mounted = ("unshare", "--mount", "sh", "-c",
                   'mount -t tracefs none /sys/kernel/tracing && exec "$@"', "sh")
        self.counting = next((by for by in ((), mounted) if self.can_count(by)), None)
        self.echo = f"{end_to_end.program} serve epoll --protocol echo --port {{port}}"

    def can_count(self, by):
        findings = self.run_command(*by, end_to_end.program, "doctor").out
        return re.search("(?m)^yes  tracepoint counters", findings) is not None

    def compare(self, *arguments):
        path = self.work / "counted.json"
        run = self.run_command(*(self.counting or ()), end_to_end.program, "compare", *arguments,
                               "--json", path)
        return run, end_to_end.load_document(path)["comparisons"]

    @unittest.skipUnless(BURN, "no library that makes a server worse")
    def test_one_call_more(self):
        if self.counting is None:
            self.skipTest("system calls cannot be counted here")
        run, comparisons = self.compare(
            f"env {self.echo}", f"env LD_PRELOAD={BURN} BURN_CALLS=1 {self.echo}", "--clients", "2",
            "--budget", "60s", "--slice", "50ms")
        self.assertEqual(run.code, 1, run.out + run.err)
        self.assertRegex(run.out + run.err, "server_syscalls_per_request .* worse")
        (calls,) = [c["new"] - c["base"] for c in comparisons if "syscalls" in c["metric"]]
        self.assertLess(0.5, calls)
        self.assertLess(calls, 1.5)

    def test_a_slow_server(self):
        """Where few requests are answered, what is done once does not look like calls."""
        tardy = f"exec python3 {self.write('tardy.py', TARDY)} {{port}}"
        run, _ = self.compare(tardy, tardy, "--clients", "2", "--budget", "1s")
        self.assertEqual(run.code, 0, f"worse than itself: {run.out}")

    @unittest.skipUnless(BURN, "no library that makes a server worse")
    def test_more_memory(self):
        document = self.document(
            1, "bytes_per_connection .* worse", "compare", f"env {self.echo}",
            f"env LD_PRELOAD={BURN} BURN_BYTES=16384 {self.echo}", "--budget", "90s",
            "--slice", "10ms")
        (more,) = [c["new"] - c["base"] for c in document["comparisons"]
                   if c["metric"].startswith("bytes")]
        self.assertGreater(more, 12000)


end_to_end.main()
