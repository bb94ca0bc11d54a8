#!/usr/bin/python3 -B
"""A server is watched: what comes out as lines, as tables of netstat and as JSON, for each model, found
in each way, and however it ends. Nothing here waits for time: a line of the JSON is waited for.

Usage: test_watch.py PROCTOR [OPTIONS OF unittest]
"""
import json
import os
import select
import signal
import socket
import subprocess
import unittest

import end_to_end


class Watch:
    """A watch that speaks JSON; all that it says is kept."""

    def __init__(self, *words, rate=50):
        self.process = subprocess.Popen(
            [end_to_end.program, "watch", "--json", "--most", "60", "--rate", str(rate), *words],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.lines = []
        self.port = None

    def line(self):
        text = self.process.stdout.readline()
        if not text:
            raise EOFError("watch has ended: " + repr(self.lines[-3:]))
        if not text.startswith("{"):
            return self.line()  # what the server prints itself
        self.lines.append(json.loads(text))
        return self.lines[-1]

    def wait(self, wanted):
        """The first line, from the next one on, for which `wanted` is true."""
        while not wanted(line := self.line()):
            pass
        return line

    def wait_for(self, kind, **values):
        return self.wait(lambda line: line.get("kind") == kind
                         and all(line[key] == value for key, value in values.items()))

    def listens(self):
        self.port = int(self.wait_for("listener")["address"].rsplit(":", 1)[1])
        return self.port

    def connect(self, words=b""):
        client = socket.create_connection(("127.0.0.1", self.port))
        client.sendall(words)
        return client

    def end(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        rest = self.process.stdout.read()
        self.process.stdout.close()
        self.lines += [json.loads(line) for line in rest.splitlines() if line.startswith("{")]
        return self.process.wait()


class Watching(end_to_end.EndToEnd):
    def watch(self, *words, **options):
        watch = Watch(*words, **options)
        self.addCleanup(lambda: watch.process.stdout.closed or watch.end(signal.SIGKILL))
        return watch

    def watched(self, model, *words):
        return self.watch("--", end_to_end.program, "serve", model, "--port", "0", *words)

    def connect(self, watch, words=b""):
        client = watch.connect(words)
        self.addCleanup(client.close)
        return client

    def test_why_the_second_client_waits(self):
        watch = self.watched("sequential")
        watch.listens()
        self.assertEqual(watch.lines[0]["schema"], "proctor.watch/1")
        first = self.connect(watch, b"hello\n")
        watch.wait_for("client", id=1, stage="served")
        self.connect(watch, b"and me\n")
        queued = watch.wait(lambda line: line.get("kind") == "client" and line["id"] == 2
                            and (line["why"] or "").endswith("client 1"))
        self.assertEqual(queued["why"], "waits in the accept queue: the only thread sleeps on client 1")
        self.assertEqual((queued["stage"], queued["inode"], queued["owner"]), ("queued", 0, None))
        first.close()
        model = watch.wait(lambda line: line.get("kind") == "model" and line["model"])
        self.assertEqual(model["model"], "sequential")
        self.assertIn("when client 1 left, client 2 was served", model["because"])
        self.assertEqual(watch.end(), 0)
        self.assertEqual((watch.lines[-1]["kind"], watch.lines[-1]["why"]), ("end", "interrupted"))
        times = [line["t_ns"] for line in watch.lines[1:]]
        self.assertEqual(times, sorted(times))

    def test_models(self):
        for model, words in {"thread": (), "fork": (), "select": (), "poll": (), "epoll": (),
                             "pool": ("--workers", "3"), "prefork": ("--workers", "3")}.items():
            with self.subTest(model):
                watch = self.watched(model, *words)
                watch.listens()
                clients = []
                for i in range(3):  # the one before has been seen: who comes with the first is not new
                    clients.append(self.connect(watch, b"hello\n"))
                    watch.wait_for("client", id=i + 1, stage="served")
                named = watch.wait(lambda line: line.get("kind") == "model" and line["model"])
                self.assertEqual(named["model"], model)
                self.assertGreaterEqual(len(named["because"]), 3)
                for client in clients:
                    client.close()
                watch.end()

    def test_one_client_names_no_model(self):
        watch = self.watched("thread")
        watch.listens()
        self.connect(watch, b"hello\n")
        watch.wait_for("model", detail="not yet known: one client so far")
        watch.end()
        self.assertEqual({line["model"] for line in watch.lines if line.get("kind") == "model"}, {None})

    def test_both_ends_after_the_client_has_left(self):
        """The server holds its client, who has said all."""
        server = self.write("holds.py", "import socket\n"
                            "with socket.create_server(('127.0.0.1', 0)) as listener:\n"
                            "    held = [listener.accept(), listener.accept()]\n")
        watch = self.watch("--", "/usr/bin/python3", str(server))
        watch.listens()
        client = self.connect(watch)
        watch.wait_for("client", id=1, stage="accepted")
        client.close()
        left = watch.wait(lambda line: line.get("kind") == "client" and line["server_state"] == "CLOSE_WAIT")
        self.assertEqual((left["client_state"], left["unread_bytes"]), ("FIN_WAIT2", 0))
        watch.end()

    def test_ways_to_name_it(self):
        server = self.serve("thread", "--port", "0")
        for name in (str(server.pid), f"pid:{server.pid}", server.port, ":" + server.port,
                     "127.0.0.1:" + server.port, "localhost:" + server.port):
            with self.subTest(name):
                watch = self.watch(name)
                found = watch.wait_for("listener")
                self.assertEqual(found["address"], server.address)
                self.assertEqual(found["owner"]["pid"], server.pid)
                watch.end()
        self.assertIsNone(server.process.poll(), "what ran already runs on")

    def test_what_cannot_be_watched(self):
        free = socket.create_server(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        for words, said in (((f":{port}",), "nothing listens there"), (("pid:999999999",), "no process"),
                            (("192.0.2.7:9500",), "another machine"), (("server.py",), "no process, port"),
                            (("--", "/no/such"), "cannot run '/no/such'"), ((), "TARGET"),
                            (("--until", "soon", "1"), "--until"), (("--json", "--netstat", "1"), "exclude")):
            with self.subTest(words):
                run = self.proctor("watch", *words)
                self.assertEqual(run.code, 2)
                self.assertIn(said, run.err)
                self.assertLessEqual(run.err.count("\n"), 2, run.err)

    def test_until(self):
        watch = self.watch("--until", "settled", "--", end_to_end.program, "serve", "thread", "--port", "0")
        watch.wait_for("end", why="until")
        self.assertEqual(watch.end(), 0)
        watch = self.watch("--until", "2 clients", "--", end_to_end.program, "serve", "thread", "--port", "0")
        watch.listens()
        self.connect(watch)
        watch.wait_for("client", id=1)
        self.assertIsNone(watch.process.poll())
        self.connect(watch)
        watch.wait_for("end", why="until")
        watch = self.watch("--", "/bin/true")
        watch.wait_for("end", why="exited")

    def test_netstat(self):
        for language, heading in (("en", "Proto Local address          Remote address         State"),
                                  ("fr", "Proto Adresse locale         Adresse distante       État"),
                                  ("de", "Proto Lokale Adresse         Entfernte Adresse      Status")):
            with self.subTest(language):
                process = subprocess.Popen(
                    [end_to_end.program, "watch", "--netstat", "--language", language, "--",
                     end_to_end.program, "serve", "sequential", "--port", "0"],
                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
                self.addCleanup(process.stdout.close)
                self.addCleanup(process.wait)
                self.addCleanup(process.terminate)
                said = iter(process.stdout.readline, "")
                headed = next(line for line in said if line.startswith("Proto"))
                self.assertTrue(headed.startswith(heading), headed)
                listens = next(said).split()
                self.assertEqual((listens[0], listens[2], listens[3]), ("tcp", "0.0.0.0:*", "LISTEN"))
                self.assertTrue(listens[4].endswith("/proctor"))
                client = socket.create_connection(("127.0.0.1", int(listens[1].split(":")[1])))
                self.addCleanup(client.close)
                both = [next(line for line in said if "ESTABLISHED" in line).split() for _ in range(2)]
                self.assertEqual(both[0][1:3], both[1][2:0:-1])
                self.assertIn(f"{os.getpid()}/", " ".join(both[0] + both[1]))

    def test_record(self):
        record = self.work / "recorded"
        watch = self.watch("--record", str(record), "--", end_to_end.program, "serve", "thread",
                           "--port", "0")
        watch.listens()
        self.connect(watch, b"hello\n")
        watch.wait_for("client", id=1, stage="served")
        watch.end()
        lines = [json.loads(line) for line in record.read_text().splitlines()]
        self.assertEqual([line.get("kind") for line in lines], [line.get("kind") for line in watch.lines])
        self.assertEqual(lines[0]["target"]["command"][1:3], ["serve", "thread"])

    def test_killed(self):
        """However it ends, what it started ends, and what it wrote can be read up to there."""
        record = self.work / "recorded"
        watch = self.watch("--record", str(record), "--", end_to_end.program, "serve", "prefork",
                           "--port", "0")
        server = watch.listens() and watch.lines[0]["target"]["pid"]
        watch.end(signal.SIGKILL)
        try:
            ended = os.pidfd_open(server)
            self.addCleanup(os.close, ended)
            select.select([ended], [], [])
        except ProcessLookupError:
            pass
        for line in record.read_text().splitlines():
            json.loads(line)


if __name__ == "__main__":
    end_to_end.main()
