#!/usr/bin/python3 -B
"""`proctor bench` with servers that others have written: where they listen, what they read and print,
daemons, and ends. No figure that depends on time is asserted.

Usage: test_bench_strangers.py PROCTOR [OPTIONS OF unittest]
"""
import os
import select
import socket

import end_to_end

ECHOES = """
import os, socket, sys, threading
def serve(client):
    while data := client.recv(65536):
        client.sendall(data)
def serve_all(listener):
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
"""

ONLY_6 = ECHOES + """
serve_all(socket.create_server(("::1", int(sys.argv[1])), family=socket.AF_INET6))
"""

# It listens before it forks away; what it forks leaves its session and its group.
DAEMON = ECHOES + """
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
if os.fork():
    os._exit(0)
os.setsid()
if os.fork():
    os._exit(0)
open(sys.argv[2], "a").write(f"{os.getpid()}\\n")
serve_all(listener)
"""

# It ends with its input, as who waits for a key does.
PROMPTS = ECHOES + """
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
threading.Thread(target=serve_all, args=(listener,), daemon=True).start()
input("press enter to end")
"""

LOGS = ECHOES + """
sys.stderr.write("a long story\\n" * 1000000)
serve_all(socket.create_server(("127.0.0.1", int(sys.argv[1]))))
"""

# It refuses the first five requests, as who still reads its data does.
NOT_READY = """
import http.server, sys
refusals = iter(range(5))
class Page(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.send_response(200 if next(refusals, None) is None else 503)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *_):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Page).serve_forever()
"""

# It closes a connection after its second reply, and says so nowhere.
CLOSES = ECHOES + """
def serve(client):
    lines = client.makefile("rb")
    for line in lines:
        if line == b"\\r\\n":
            client.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n")
            if serve.__dict__.setdefault(client, 0):
                break
            serve.__dict__[client] = 1
    lines.close()
    client.close()
serve_all(socket.create_server(("127.0.0.1", int(sys.argv[1]))))
"""


class StrangersServers(end_to_end.Background):
    """Servers of others as they are: none is to be made fit for proctor."""

    def bench(self, code, pattern, text, *arguments, place="{port}"):
        """Benches a server in Python, and what proctor has said."""
        server = f"python3 {self.write('server.py', text)} {place}"
        return self.expect(code, pattern, "bench", "--against", f"it={server}", "--clients", "2",
                           "--rounds", "1", "--repetitions", "1", "--slice", "20ms", *arguments)

    def assert_ended(self, pid):
        with self.assertRaises(ProcessLookupError):
            os.kill(int(pid), 0)

    def test_one_that_listens_on_ipv6_only(self):
        try:
            socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        except OSError:
            self.skipTest("there is no IPv6 here")
        self.bench(0, "it +2/2", ONLY_6)

    def test_one_that_forks_away(self):
        pids = self.work / "pids"
        self.bench(0, "it +2/2 +[0-9.]+k?", DAEMON, place=f"{{port}} {pids}")
        (pid,) = pids.read_text().split()
        self.assert_ended(pid)

    def test_one_that_forks_away_when_proctor_is_killed(self):
        pids = self.work / "pids"
        server = f"python3 {self.write('server.py', DAEMON)} {{port}} {pids}"
        bench = self.begin("bench", "--against", f"it={server}", "--clients", "2", "--rounds", "100000")
        while not pids.exists() or not pids.read_text():
            self.assertIsNone(bench.poll())
        pid = int(pids.read_text())
        ended = os.pidfd_open(pid)
        bench.kill()
        self.assertEqual(select.select([ended], [], [], 60)[0], [ended], "it outlives proctor")
        os.close(ended)

    def test_one_that_prompts(self):
        """Nobody answers it, and nobody hangs up."""
        self.bench(0, "it +2/2", PROMPTS)

    def test_one_that_logs(self):
        run = self.bench(0, "it +2/2", LOGS)
        self.assertNotIn("story", run.out + run.err)

    def test_the_last_words_of_one_that_does_not_start(self):
        run = self.bench(1, "it ended with exit code 3; its last words: no table at hand",
                         "import sys; print('no table at hand'); sys.exit(3)")
        self.assertNotIn("no table at hand\n", run.err)

    def test_one_that_listens_elsewhere(self):
        self.expect(1, r"after 1.00s, but on 127.0.0.1:\d+: put .port. in", "bench", "--against",
                    f"it=exec {end_to_end.program} serve epoll # {{port}}", "--rounds", "1",
                    "--repetitions", "1", "--start-timeout", "1s")

    def test_one_that_does_not_listen(self):
        self.bench(1, "does not listen on port .* after 20.0ms; --start-timeout allows more",
                   "import signal; signal.pause()", "--start-timeout", "20ms")
        self.expect(3, "base: .* --start-timeout allows more", "compare", "sleep 100 # {port}", "epoll",
                    "--start-timeout", "20ms")


    PAGES = "title: pages\nrounds: 2\nrepetitions: 1\nslice: 20ms\ncells: [{clients: [2], protocol: http}]"

    def bench_pages(self, code, pattern, text, *arguments):
        server = self.write("server.py", text)
        return self.document(code, pattern, "bench", "--suite", self.write("pages.yaml", self.PAGES),
                             "--against", f"it=python3 {server} {{port}}", *arguments)["results"][0]

    def test_one_that_is_not_ready(self):
        """Listening is not ready: where a page is expected, it is waited for one."""
        self.assertEqual(self.bench_pages(0, "it +2/2", NOT_READY)["requests"]["failed"]["total"], 0)
        self.bench_pages(1, "failures, the first while in phase 'reply': .*; the reply is \"HTTP status 503\"",
                         NOT_READY, "--ready", "no")

    def test_one_that_is_never_ready(self):
        """It listens at once, and speaks something else."""
        self.expect(1, r'does not answer as expected after 1.00s: the reply is "GET / HTTP/1.1\\r', "bench",
                    "--protocol", "http", "--against",
                    f"it=exec {end_to_end.program} serve epoll --port {{port}}", "--rounds", "1",
                    "--repetitions", "1", "--start-timeout", "1s")

    def test_one_that_closes_kept_connections(self):
        result = self.bench_pages(0, "it +2/2", CLOSES)
        self.assertIsNone(result["trouble"])
        self.assertGreater(result["connections"]["made"], 2)


end_to_end.main()
