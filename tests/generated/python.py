"""Servers in Python that wait for one client at a time, in as many threads and processes as the model
has; loops are written by python_loops.py.
"""
from fill import fill, join, spaced
from python_parts import accept, helper, listen, start
from server import ADDRESS, BLOCKING, PORT
import python_loops

WORKERS = 6

SOURCE = """
import ctypes
import concurrent.futures
import multiprocessing
import os
import queue
import select
import signal
import socket
import socketserver
import struct
import sys
import threading
import time

kept = []
@start
@helper
@main
"""

SERVE = """
def serve(client):
    @begin
    @guarded
    @before_close
    @close
"""
GUARDED = """
try:
    @session
except OSError:
    pass
"""
SESSION = """
@entry
while True:
    @receive
    if not data:
        @at_end
    @answer
"""

# Until the line that ends the session.
LINES = """
*lines, rest = (rest + data).split(b"\\n")
before = lines[:lines.index(b"{word}")] if b"{word}" in lines else lines
client.sendall(b"".join(line + b"\\n" for line in before))
if len(before) < len(lines):
    break
"""

WORKS = {
    "answers_in_slices": "for _ in range({count}):\n    time.sleep({seconds})",
    "sleeps_before_answer": "time.sleep({value})",
    "computes": "until = time.thread_time() + {value} / 1000\nwhile time.thread_time() < until:\n"
                "    pass",
    "asks_the_kernel": "for _ in range({value}):\n    os.getppid()",
    "closes_in_slices": "for _ in range({count}):\n    time.sleep({seconds})",
    "sleeps_before_close": "time.sleep({value})",
}

CHILD = """
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    @accept
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
        listener.close()
        serve(client)
        os._exit(0)
    @parent
"""

MAINS = {
    ("sequential", "plain"): "while True:\n    @accept\n    serve(client)",
    ("thread", "plain"): """
while True:
    @accept
    @handshake
    threading.Thread(target=serve, args=(client,), daemon=True).start()
    del client
""",
    ("fork", "plain"): CHILD,
    ("fork", "multiprocessing"): """
while True:
    @accept
    multiprocessing.Process(target=serve, args=(client,), daemon=True).start()
    @parent
""",
    ("prefork", "plain"): """
def work():
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
    while True:
        @accept
        serve(client)


for _ in range({workers}):
    if os.fork() == 0:
        work()
for _ in range({workers}):
    os.wait()
""",
    ("pool", "plain"): """
def work():
    while True:
        @take
        serve(client)


jobs = queue.Queue()
for _ in range({workers}):
    threading.Thread(target=work, daemon=True).start()
while True:
    @accept
    jobs.put(client)
    del client
""",
    ("pool", "executor"): """
pool = concurrent.futures.ThreadPoolExecutor({workers})
while True:
    @accept
    pool.submit(serve, client)
    del client
""",
}

SOCKETSERVER = """
class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        serve(self.request)


class Server(socketserver.{mixin}TCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = {backlog}


Server(("{address}", {port}), Handler).serve_forever()
"""


def receive(server):
    size = server.way("buffer", 65536)
    if server.way("receive_timeout"):
        return fill("""
client.settimeout({value})
try:
    data = client.recv({size})
except TimeoutError:
    continue
client.settimeout(None)
""", size=size, value=server.way("receive_timeout"))
    if server.fault == "closes_silent_clients":
        return f"client.settimeout(3)\ndata = client.recv({size})\nclient.settimeout(None)"
    if server.way("polls_first"):
        return fill("""
ready = select.poll()
ready.register(client, select.POLLIN)
if not ready.poll({value}):
    continue
data = client.recv({size})
""", size=size, value=server.way("polls_first"))
    if server.fault == "reads_sixteen":
        size = 16
    return f"data = client.recv({size})"


def work(server, group):
    """What is done before an answer, or before the end."""
    for name in group:
        value = server.way(name)
        if value is not None:
            count, seconds = value if isinstance(value, tuple) else (1, value)
            return fill(WORKS[name], value=value, count=count, seconds=seconds)
    return ""


def send(server):
    target = {"answers_the_latest": "newest"}.get(server.fault, "client")
    if server.fault == "never_answers":
        return ""
    if server.fault == "reads_and_closes":
        return "print(len(data), flush=True)\nbreak"
    if server.fault == "one_buffer_for_lines":
        return """
*lines, rest = (rest + data).split(b"\\n")
for line in lines:
    client.sendall(line + b"\\n")
"""
    if server.fault == "answers_first_line_only":
        return "client.sendall(data[:data.find(b'\\n') + 1] or data)"
    if server.fault == "strips_line_end":
        return "client.sendall(data.rstrip())"
    if server.fault == "answers_once":
        return "if not answered:\n    client.sendall(data)\nanswered = True"
    if server.fault == "reads_sixteen":
        return "client.sendall(data)\nbreak"
    if stop_word(server):
        return fill(LINES, word=stop_word(server))
    size = server.way("sends_in_pieces")
    if size:  # the beginning only, or a large message takes an hour
        return (f"for at in range(0, min(len(data), 100), {size}):\n"
                f"    {target}.sendall(data[at:min(at + {size}, 100)])\n"
                f"{target}.sendall(data[100:])")
    return f"{target}.sendall(data)"


def stop_word(server):
    return {"wrong_stop_word": "FIN"}.get(server.fault, server.way("stop_word"))


def at_end(server):
    return {
        "spins_after_the_end": "continue",
        "answers_the_end_forever": 'client.sendall(b"bye")\ncontinue',
    }.get(server.fault, "break")


def close(server):
    if server.fault == "never_closes":
        return "kept.append(client)"
    shut = ("try:\n    client.shutdown(socket.SHUT_WR)\nexcept OSError:\n    pass"
            if server.way("shuts_down_first") else "")
    return join(
        "kept.append(os.open('/dev/null', os.O_RDONLY))"
        if server.fault == "leaks_descriptors" else "",
        *(("leaving.append(client)",) if server.way("closed_by_reaper") else
          (shut, "client.close()")),
        "threading.Event().wait()" if server.fault == "threads_stay" else "")


def begin(server):
    texts = []
    if server.fault == "one_buffer_for_lines":
        texts.append("global rest")
    elif stop_word(server):
        texts.append('rest = b""')
    if server.fault == "answers_the_latest":
        texts.append("global newest\nnewest = client")
    if server.fault == "answers_once":
        texts.append("answered = False")
    return join(*texts)


def serve(server):
    entry = server.way("works_before_reading")
    return join('rest = b""\n' if server.fault == "one_buffer_for_lines" else "", fill(SERVE, {
        "guarded": SESSION if server.fault == "dies_of_a_reset" else GUARDED, "session": SESSION,
        "begin": begin(server), "entry": f"time.sleep({entry})" if entry else "",
        "receive": receive(server), "at_end": at_end(server),
        "answer": join(work(server, ("answers_in_slices", "sleeps_before_answer", "computes",
                                     "asks_the_kernel")), send(server)) or "pass",
        "before_close": work(server, ("closes_in_slices", "sleeps_before_close")),
        "close": close(server)}))


def blocking_main(server):
    kind = server.kind
    if kind.style == "socketserver":
        return join(serve(server) + "\n\n", fill(
            SOCKETSERVER, mixin="Threading" if kind.model == "thread" else "", address=ADDRESS,
            port=PORT, backlog=server.way("backlog", 5)))
    poll = server.way("looks_into_queue")
    text = MAINS[kind.model, kind.style]
    if server.fault == "leaves_zombies":
        text = text.replace("signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n", "")
    handshake = ""
    if server.fault == "speaks_in_accept_loop":
        handshake = ('try:\n    client.sendall(b"NICKNAME")\n    name = client.recv(1024)\n'
                     '    client.sendall(b"hello " + name)\nexcept OSError:\n    continue')
    return join(listen(server), "\n" + serve(server), "\n" + fill(text, {
        "accept": accept(server), "handshake": handshake,
        "parent": "kept.append(client)" if server.fault == "keeps_a_copy" else "client.close()",
        "take": "client = jobs.get()" if not poll else
                f"try:\n    client = jobs.get(timeout={poll})\nexcept queue.Empty:\n    continue",
    }, workers=WORKERS))


def write(server):
    """The source of a server in Python."""
    main = blocking_main if server.kind.model in BLOCKING else python_loops.main
    text = fill(SOURCE, {"start": start(server), "helper": helper(server), "main": main(server)})
    return only_needed(spaced(text)) + "\n"


def only_needed(text):
    """The text without imports and variables that it does not use."""
    head, rest = text.split("\n\n", 1)
    modules = [line for line in head.split("\n") if line.split()[1] + "." in rest]
    if "kept." not in rest:
        rest = rest.replace("kept = []\n", "", 1)
    rest = rest.lstrip("\n")
    return "\n".join(modules) + "\n\n" + "\n" * rest.startswith(("def", "class")) + rest
