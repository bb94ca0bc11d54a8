#!/usr/bin/python3 -B
"""Recordings of gradings, and what programs that are not ours read in their exports: tshark and
capinfos every packet, protoc every message. ALL=1 records twenty gradings instead of three, ONLY="NAME..." these.

Usage: test_recordings.py PROCTOR [OPTIONS OF unittest]
"""
import base64
import collections
import json
import os
import re
import shutil

import end_to_end

SERVERS = """sequential threads select_loop fork prefork pool selectors_loop poll_loop epoll_edge asyncio_streams
dual_stack ipv6_only accepts_in_batches byte_at_a_time client_with_timeout main_thread_ends heartbeat asyncio_in_slices
loop_with_workers pool_on_demand""".split()

ASSIGNMENT = """
title: {en: Recorded}
entry: [server.py]
protocol: {kind: echo}
points: 6
checks:
  - {check: starts-and-listens, points: 1}
  - {check: serves-one-client, points: 1}
  - {check: every-client-in-turn, points: 1}
  - {check: second-client, points: 1}
  - {check: large-message, points: 1}
  - {check: reset-survived, points: 1}
"""

FLOODED_ASSIGNMENT = """
title: {en: Flooded}
entry: [server.py]
protocol: {kind: echo}
points: 1
checks:
  - {check: serves-one-client, points: 1}
"""

UDP_ASSIGNMENT = """
title: {en: Over UDP}
entry: [server.py]
transport: udp
port: 9750
points: 1
checks:
  - check: answers
    title: {en: it answers}
    points: 1
    steps:
      - {client: ann, send: hello}
      - {client: ann, expect: hello}
"""

UDP_SERVER = """
import socket
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.bind(("127.0.0.1", 9750))
    while True:
        data, client = server.recvfrom(65536)
        server.sendto(data, client)
"""

CLIENT_ASSIGNMENT = """
title: {en: A client}
role: client
entry: [client.py]
port: 9500
points: 1
checks:
  - check: says-hello
    title: {en: it says hello}
    points: 1
    steps:
      - {client: server, do: accept}
      - {client: server, expect: "hello"}
      - {client: server, send: "bye"}
      - {expect-output: "bye"}
"""

CLIENT = """
import socket
with socket.create_connection(("127.0.0.1", 9500)) as server:
    server.sendall(b"hello")
    print(server.recv(100).decode())
"""

# Ends if it is given any socket, or any descriptor but the usual three and that of the folder itself.
LOOKS_AT_DESCRIPTORS = """
import os
import socket
given = {fd: os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd") if int(fd) < 3
         or os.path.exists(f"/proc/self/fd/{fd}")}
assert len(given) <= 3 and not any("socket" in name or "packet" in name for name in given.values()), given
with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        client, _ = listener.accept()
        with client:
            while data := client.recv(4096):
                client.sendall(data)
"""


# Six thousand datagrams to itself, of 1900 bytes with their headers, once a client has spoken.
FLOODS_ITSELF = """
import socket
flood = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
flood.bind(("127.0.0.1", 0))
with socket.create_server(("127.0.0.1", 9500)) as listener:
    while True:
        client, _ = listener.accept()
        with client:
            while data := client.recv(4096):
                for _ in range(6000):
                    flood.sendto(bytes(1858), flood.getsockname())
                client.sendall(data)
"""


def read_recording(path):
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return lines[0], lines[1:]


def of_kind(changes, kind):
    return [change for change in changes if change["kind"] == kind]


def parse_proto(text):
    """What `protoc --decode` prints, as lists of (name, value)."""
    stack = [[]]
    for line in text.splitlines():
        line = line.strip()
        if line.endswith("{"):
            inner = []
            stack[-1].append((line[:-1].strip(), inner))
            stack.append(inner)
        elif line == "}":
            stack.pop()
        else:
            name, value = line.split(": ", 1)
            stack[-1].append((name, value.strip('"')))
    return stack[0]


def one(message, name):
    return next((value for key, value in message if key == name), None)


def count_bytes(segments):
    """How much was said in (number, length) of segments, of which some come again, perhaps otherwise cut."""
    first = segments[0][0] + 1 # that of the SYN counts, too
    return max(((number - first) % 2**32 + length for number, length in segments if length > 0), default=0)


class Recordings(end_to_end.EndToEnd):
    def grade(self, servers, *options, assignment=ASSIGNMENT, entry="server.py", code=None):
        """Grades each of {id: text} with --record; the recordings, by id."""
        for name, text in servers.items():
            (self.work / name).mkdir()
            (self.work / name / entry).write_text(text, encoding="utf-8")
            if "from looped" in text:
                shutil.copy(end_to_end.TESTS / "right/looped.py", self.work / name)
        run = self.proctor("grade", self.write("assignment.yaml", assignment),
                           *(self.work / name for name in servers), "--output", self.work / "out",
                           "--record", *options)
        self.assertIn(run.code, (0, 1) if code is None else (code,), run.out + run.err)
        return {name: self.work / f"out/grades/{name}.recording.jsonl" for name in servers}

    def document(self, name):
        return end_to_end.load_document(self.work / f"out/grades/{name}.json")

    def isolated(self, name):
        return self.document(name)["isolation"] != "none"

    def export(self, path, what):
        out = path.with_suffix("." + what)
        self.expect(0, "", "export", path, "--format", what, "--output", out)
        return out

    # What a recording says

    def check_changes(self, name, changes):
        """Times do not decrease; what was said is what the grade says; and all have gone."""
        times = [change["t_ns"] for change in changes]
        self.assertEqual(times, sorted(times), name)
        self.assertEqual(changes[-1], {"t_ns": times[-1], "kind": "end", "why": "exited"}, name)
        begun = [note["text"] for note in of_kind(changes, "note") if note["text"].startswith("check ")]
        for check in self.document(name)["checks"]:
            if check["verdict"] == "skipped":
                continue
            self.assertIn(f"check {check['id']} begins", begun, name)
        listeners = {change["id"] for change in of_kind(changes, "listener")}
        self.assertLessEqual({change["listener"] for change in of_kind(changes, "client")}, listeners, name)
        last = {change["id"]: change["stage"] for change in of_kind(changes, "client")}
        self.assertEqual(set(last.values()), {"gone"}, name)
        last = {change["tid"]: change["doing"] for change in of_kind(changes, "task")}
        self.assertEqual(set(last.values()), {"ended"}, name)
        self.assertTrue(any(change["stage"] == "served" for change in of_kind(changes, "client")), name)
        self.assertTrue(any(change["on"] for change in of_kind(changes, "task")), name)

    # What others read in it

    def check_packets(self, name, path, changes):
        """Their number, that each client has come, and how much it has said."""
        packets = of_kind(changes, "packet")
        if not shutil.which("tshark") or not shutil.which("capinfos"):
            end_to_end.not_tested("packets, for want of tshark")
            return
        capture = self.export(path, "pcapng")
        counted = self.run_command("capinfos", "-c", "-M", "-T", "-r", capture)
        self.assertEqual(counted.out.split()[-1], str(len(packets)), name)
        fields = ("frame.number", "tcp.flags.syn", "tcp.flags.ack", "tcp.flags.reset", "tcp.seq_raw",
                  "tcp.len", "frame.comment")
        run = self.run_command("tshark", "-r", capture, "-o", "tcp.analyze_sequence_numbers:FALSE", "-T",
                               "fields", *(word for field in fields for word in ("-e", field)))
        self.assertEqual(run.code, 0, run.err)
        frames = [dict(zip(fields, line.split("\t"))) for line in run.out.splitlines()]
        self.assertEqual(len(frames), len(packets), name)
        self.check_streams(name, frames, changes)

    def check_streams(self, name, frames, changes):
        came, said, was_reset = set(), collections.defaultdict(list), set()
        for frame in frames:
            owner = re.search(r"\(number (\d+)\) (to|from) the server; ", frame["frame.comment"])
            self.assertTrue(owner, f"{name}: {frame}")
            number = int(owner[1])
            if owner[2] == "to" and frame["tcp.flags.syn"] in ("1", "True"):
                came.add(number)
            if owner[2] == "to":
                said[number].append((int(frame["tcp.seq_raw"]), int(frame["tcp.len"])))
            if frame["tcp.flags.reset"] in ("1", "True"):
                was_reset.add(number)
        clients = {change["id"] for change in of_kind(changes, "client")}
        self.assertEqual(came, clients, f"{name}: clients that have come, and that were seen")
        noted = collections.Counter()
        for change in of_kind(changes, "bytes"):
            noted[change["client"]] += change["count"] * (change["from"] == "client")
        for client in clients - was_reset:
            self.assertEqual(count_bytes(said[client]), noted[client], f"{name}: client {client}")

    def check_trace(self, name, path, changes):
        """Slices begin and end in turns, and each arrow leads from "queued" to where it was accepted."""
        if not shutil.which("protoc"):
            end_to_end.not_tested("messages of Perfetto, for want of protoc")
            return
        with open(self.export(path, "perfetto"), "rb") as trace:
            run = self.run_command("protoc", f"--proto_path={end_to_end.TESTS / 'support'}",
                                   "--decode=Trace", "perfetto.proto", stdin=trace)
        self.assertEqual(run.code, 0, run.err)
        packets = [packet for _, packet in parse_proto(run.out)]
        for packet in packets: # what has a number that is not published stands there by its number
            self.assertFalse([key for key, _ in packet if key.isdigit()], packet)
        tracks = {one(track, "uuid"): track for packet in packets
                  if (track := one(packet, "track_descriptor"))}
        events = [event for packet in packets if (event := one(packet, "track_event"))]
        depth = collections.Counter()
        begun, ended, between = {}, {}, set()
        for event in events:
            track = one(event, "track_uuid")
            self.assertIn(track, tracks, name)
            depth[track] += {"TYPE_SLICE_BEGIN": 1, "TYPE_SLICE_END": -1}.get(one(event, "type"), 0)
            self.assertIn(depth[track], (0, 1), f"{name}: slices of {tracks[track]}")
            flow, end = one(event, "flow_ids"), one(event, "terminating_flow_ids")
            if flow and one(event, "name") == "queued":
                begun[flow] = track
            elif flow:
                self.assertEqual(one(event, "type"), "TYPE_INSTANT")
                self.assertTrue(one(tracks[track], "thread"), f"{name}: who accepts is a thread")
                between.add(flow)
            if end:
                self.assertIn(one(event, "name"), ("accepted", "served"))
                ended[end] = track
        self.assertEqual(set(depth.values()) - {0}, set(), f"{name}: slices without an end")
        self.check_arrows(name, changes, begun, ended, between)

    def check_arrows(self, name, changes, begun, ended, between):
        stages = collections.defaultdict(list)
        for change in of_kind(changes, "client"):
            stages[change["id"]].append(change["stage"])
        queued = {str(client) for client, seen in stages.items() if "queued" in seen}
        taken = {str(client) for client, seen in stages.items()
                 if any(pair[0] == "queued" and pair[1] in ("accepted", "served")
                        for pair in zip(seen, seen[1:]))}
        self.assertEqual(set(begun), queued, name)
        self.assertEqual(set(ended), taken, name)
        self.assertLessEqual(between, taken, name)
        for client, track in ended.items():
            self.assertEqual(begun[client], track, name)

    def test_recordings_agree_with_what_others_read_in_them(self):
        names = SERVERS if os.environ.get("ALL") else SERVERS[:3]
        names = os.environ.get("ONLY", " ".join(names)).split()
        texts = {name: (end_to_end.TESTS / f"right/{name}.py").read_text(encoding="utf-8")
                 for name in names}
        for name, path in self.grade(texts).items():
            header, changes = read_recording(path)
            self.assertEqual(header["schema"], "proctor.watch/1")
            self.assertEqual(header["target"]["name"], name)
            self.check_changes(name, changes)
            self.check_trace(name, path, changes)
            if self.isolated(name):
                self.check_packets(name, path, changes)
            else:
                end_to_end.not_tested("packets, for want of a network of one's own")

    def test_why_the_second_client_waits_is_said(self):
        server = (end_to_end.TESTS / "right/sequential.py").read_text(encoding="utf-8")
        _, changes = read_recording(self.grade({"one": server})["one"])
        waiting = [change for change in of_kind(changes, "client") if change["stage"] == "queued"
                   and change["why"].startswith("waits in the accept queue: every thread sleeps on client ")]
        self.assertTrue(waiting)
        first = int(waiting[-1]["why"].rsplit(" ", 1)[1])
        rows = [change for change in of_kind(changes, "client") if change["id"] == first
                and change["t_ns"] <= waiting[-1]["t_ns"]]
        self.assertIn(rows[-1]["stage"], ("accepted", "served"))
        self.assertEqual(rows[-1]["owner"]["tid"], of_kind(changes, "listener")[0]["owner"]["tid"])

    def test_a_client_is_recorded_the_other_way_round(self):
        path = self.grade({"one": CLIENT}, assignment=CLIENT_ASSIGNMENT, entry="client.py", code=0)["one"]
        _, changes = read_recording(path)
        said = [(change["from"], change["text"]) for change in of_kind(changes, "bytes")]
        self.assertEqual(said, [("client", "hello"), ("server", "bye")])
        rows = of_kind(changes, "client")
        self.assertTrue(all(row["server"] == "127.0.0.1:9500" for row in rows), rows)
        self.check_trace("one", path, changes)

    def test_of_packets_beyond_what_there_is_room_for_the_number_is_kept(self):
        path = self.grade({"one": FLOODS_ITSELF}, assignment=FLOODED_ASSIGNMENT, code=0)["one"]
        if not self.isolated("one"):
            end_to_end.not_tested("packets, for want of a network of one's own")
            return
        _, changes = read_recording(path)
        packets = [base64.b64decode(change["data"]) for change in of_kind(changes, "packet")]
        lost = sum(change["packets"] for change in of_kind(changes, "lost"))
        self.assertLessEqual(sum(map(len, packets)), 8 << 20)
        datagrams = sum(packet[12:14] == b"\x08\x00" and packet[23] == 17 for packet in packets)
        self.assertGreaterEqual(lost, 6000 - (8 << 20) // 1900)
        self.assertGreaterEqual(datagrams + lost, 6000)
        if shutil.which("capinfos"):
            run = self.run_command("capinfos", "-c", "-M", "-T", "-r", self.export(path, "pcapng"))
            self.assertEqual(run.out.split()[-1], str(len(packets)))

    def test_over_udp_a_client_is_one_without_a_connection(self):
        path = self.grade({"one": UDP_SERVER}, assignment=UDP_ASSIGNMENT, code=0)["one"]
        _, changes = read_recording(path)
        rows = of_kind(changes, "client")
        self.assertEqual([row["stage"] for row in rows if row["stage"] == "gone"], ["gone"])
        self.assertEqual({row["id"] for row in rows}, {1})
        said = [(change["from"], change["text"]) for change in of_kind(changes, "bytes")]
        self.assertEqual(said, [("client", "hello"), ("server", "hello")])
        self.check_trace("one", path, changes)

    def test_the_submission_is_given_no_descriptor(self):
        self.grade({"one": LOOKS_AT_DESCRIPTORS}, "--seed", "1")
        check = self.document("one")["checks"][0]
        self.assertEqual((check["id"], check["verdict"]), ("starts-and-listens", "pass"), check)

    def test_without_a_network_of_its_own_there_are_no_packets(self):
        server = (end_to_end.TESTS / "right/any_port.py").read_text(encoding="utf-8")
        path = self.grade({"one": server}, "--isolation", "none")["one"]
        _, changes = read_recording(path)
        self.assertEqual(of_kind(changes, "packet"), [])
        self.assertIn("no packets are recorded: the submission has no network of its own",
                      [note["text"] for note in of_kind(changes, "note")])
        self.expect(2, "has no packets; ", "export", path, "--format", "pcapng")
        self.export(path, "perfetto")

    def test_what_is_recorded_lies_beside_the_documents(self):
        out = self.work / "out"
        server = end_to_end.TESTS / "right/sequential.py"
        assignment = self.write("assignment.yaml", ASSIGNMENT)
        self.proctor("grade", assignment, "--output", out, "--record", "--", "python3", server)
        self.assertEqual(sorted(path.name for path in (out / "grades").iterdir()),
                         ["command.json", "command.recording.jsonl"])
        self.expect(2, "--record: missing --output DIR", "grade", assignment, "--record", server)
        self.expect(2, "--record: --replay shows", "grade", assignment, "--output", out, "--record",
                    "--replay", "one", "reset-survived", server)

    def test_a_recording_is_that_of_the_grade_beside_it(self):
        """One that cannot be played any more has none; one that was taken over keeps its own."""
        server = (end_to_end.TESTS / "right/sequential.py").read_text(encoding="utf-8")
        path = self.grade({"one": server})["one"]
        before = path.read_bytes()
        words = ("grade", self.work / "assignment.yaml", self.work / "one", "--output",
                 self.work / "out", "--record", "--resume")
        self.proctor(*words)
        self.assertEqual(path.read_bytes(), before)
        (self.work / "one/server.py").unlink()
        self.proctor(*words)
        self.assertFalse(path.exists())


end_to_end.main()
