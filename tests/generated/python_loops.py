"""Servers in Python that wait for all their clients in one loop."""
from fill import fill, join
from python_parts import listen
from server import ADDRESS, PORT

LOOP = """
class Client:
    def __init__(self, socket):
        self.socket = socket
        self.out = b""
        self.due = None  # when what is owed may be sent
        self.ended = False
        @fields


clients = {}
@waiting


def leave(fd):
    client = clients.pop(fd)
    forget(fd)
    @close


def enter():
    @enter


def receive(client):
    data = client.socket.recv({size})
    if not data:
        @at_end
        return
    @answer


@turn


@due


while True:
    for fd, events in wait():
        if fd == listener.fileno():
            enter()
        elif fd in clients:
            @hangup
            turn(fd)
    @timers
"""

ENTER = """
try:
    socket = listener.accept()[0]
except BlockingIOError:
    @nobody
@full
socket.setblocking(False)
clients[socket.fileno()] = Client(socket)
watch(socket.fileno())
"""

DUE = """
def due():
    now = time.monotonic()
    for fd, client in list(clients.items()):
        if client.due is not None and client.due <= now:
            client.due = None
            turn(fd)
"""

# It does not receive while something is owed.
TURN = """
def turn(fd):
    client = clients[fd]
    @guarded
    watch(fd)
"""
GUARDED = """
try:
    @steps
except BlockingIOError:
    pass
except ConnectionError:
    leave(fd)
    return
"""
STEPS = """
while client.due is None:
    if client.out:
        client.out = client.out[client.socket.send(client.out):]
    elif client.ended:
        leave(fd)
        return
    else:
        receive(client)
        @once
"""

# Who has gone is not waited for.
HANGUP = """
if clients[fd].due is not None and events & (select.POLLERR | select.POLLHUP):
    leave(fd)
    continue
"""

SELECT = """
def wait():
    waits = [fd for fd, client in clients.items() if not client.out and client.due is None]
    owed = [fd for fd, client in clients.items() if @owed_is and client.due is None]
    readable, writable, _ = select.select([listener.fileno()] + waits, owed, [], timeout())
    return [(fd, 0) for fd in dict.fromkeys(readable + writable)]


def watch(fd):
    pass


def forget(fd):
    pass
"""

POLL = """
poller = select.{poller}()
poller.register(listener, {listen_for})
watched = {}


def wait():
    seconds = timeout()
    return poller.poll({seconds})


def watch(fd):
    client = clients[fd]
    @interest
    if fd not in watched:
        poller.register(fd, events)
    elif {again}:
        poller.modify(fd, events)
    watched[fd] = events


def forget(fd):
    del watched[fd]
    poller.unregister(fd)
"""

WRITABLE = """
everybody = [listener]
while True:
    for one in select.select(everybody, everybody[1:], [])[0]:
        if one is listener:
            everybody.append(listener.accept()[0])
            continue
        try:
            data = one.recv({size})
        except OSError:
            data = b""
        if not data:
            everybody.remove(one)
            one.close()
        for other in everybody[1:]:
            if other is not one:
                other.sendall(data)
"""

ASYNCIO = """
import asyncio


async def serve(reader, writer):
    try:
        while data := await reader.read({size}):
            @work
            @answer
            await writer.drain()
        @end
    except OSError:
        pass
    writer.close()


@helper


async def main():
    @tasks
    server = await asyncio.start_server(serve, "{address}", {port}, backlog={backlog})
    await server.serve_forever()


asyncio.run(main())
"""


def interest(server, in_, out, nothing):
    """Which events are watched for, as a text that sets `events`."""
    if server.way("edge_triggered"):
        return f"events = {in_} | {out} | select.EPOLLET"
    if server.fault == "out_stays_armed":
        return f"events = {out} if client.out else {in_} | {out} if client.spoken else {in_}"
    once = " | select.EPOLLONESHOT" if server.way("one_shot") else ""
    return f"events = ({nothing} if client.due else {out} if client.out else {in_}){once}"


def waiting(server):
    model = server.kind.model
    if model == "select":
        owed = "(client.out or client.spoken)" if server.fault == "out_stays_armed" else "client.out"
        return SELECT.replace("@owed_is", owed)
    name = {"poll": "POLL", "epoll": "EPOLL"}[model]
    in_, out = f"select.{name}IN", f"select.{name}OUT"
    edge = server.fault == "edge_listener_accepts_once"
    return fill(POLL, {"interest": interest(server, in_, out, "0")}, poller=model,
                listen_for=in_ + (" | select.EPOLLET" if edge else ""),
                again="True" if server.way("one_shot") else "watched[fd] != events",
                seconds="seconds" if model == "epoll" else
                "None if seconds is None else seconds * 1000")


def timeout(server):
    """How long the loop waits at most."""
    tick = server.way("ticks")
    slices = [server.way(name)[1] for name in ("answers_in_slices", "closes_in_slices")
              if server.way(name)]
    if not slices:
        return f"def timeout():\n    return {tick}"
    least = min(slices + ([tick] if tick else []))
    return ("def timeout():\n    if any(client.due is not None for client in clients.values()):\n"
            f"        return {least}\n    return {tick}")


def later(server, name):
    if not server.way(name):
        return ""
    count, seconds = server.way(name)
    return f"client.due = time.monotonic() + {count} * {seconds}"


def turn(server):
    if server.fault == "stalls_on_slow_reader":
        return fill(TURN, {"guarded": """
try:
    receive(client)
    if client.ended:
        leave(fd)
        return
    client.socket.sendall(client.out)
    client.out = b""
except ConnectionError:
    leave(fd)
    return
"""})
    steps = fill(STEPS, {"once": "break" if server.fault == "spins_after_the_end" else ""})
    if server.fault == "dies_of_a_reset":
        return fill(TURN, {"guarded": fill(GUARDED, {"steps": steps}).replace(
            "except ConnectionError:\n    leave(fd)\n    return", "")})
    return fill(TURN, {"guarded": fill(GUARDED, {"steps": steps})})


def answer(server):
    wrong = {
        "answers_first_line_only": "client.out = data[:data.find(b'\\n') + 1] or data",
        "strips_line_end": "client.out = data.rstrip()",
        "never_answers": "",
    }.get(server.fault, "client.out = data")
    spoken = "client.spoken = True" if server.fault == "out_stays_armed" else ""
    return join(wrong, spoken, later(server, "answers_in_slices")) or "pass"


def close(server):
    if server.fault == "never_closes":
        return "kept.append(client)"
    return join("kept.append(os.open('/dev/null', os.O_RDONLY))"
                if server.fault == "leaks_descriptors" else "", "client.socket.close()")


def enter(server):
    text = ENTER
    if server.fault == "stalls_on_slow_reader":
        text = text.replace("socket.setblocking(False)\n", "socket.setblocking(True)\n")
    full = ("if len(clients) >= 8:\n    socket.close()\n    return"
            if server.fault == "table_of_eight" else "")
    return fill(text, {"nobody": "return", "full": full})


def asyncio_main(server):
    slices, end = server.way("answers_in_slices"), server.way("closes_in_slices")
    beat = server.way("heartbeat")
    sleep = "for _ in range({}):\n    await asyncio.sleep({})"
    return fill(ASYNCIO, {
        "work": sleep.format(*slices) if slices else "",
        "answer": {
            "answers_first_line_only": "writer.write(data[:data.find(b'\\n') + 1] or data)",
            "strips_line_end": "writer.write(data.rstrip())",
        }.get(server.fault, "writer.write(data)"),
        "end": sleep.format(*end) if end else "",
        "helper": f"async def beats():\n    while True:\n        await asyncio.sleep({beat})"
                  if beat else "",
        "tasks": "beating = asyncio.create_task(beats())" if beat else "",
    }, size=server.way("buffer", 65536), address=ADDRESS, port=PORT,
        backlog=server.way("backlog", 100))


def main(server):
    """What is in the place of an accept loop."""
    if server.kind.style == "asyncio":
        return asyncio_main(server)
    if server.fault == "always_writable":
        return join(listen(server), fill(WRITABLE, size=server.way("buffer", 65536)))
    spins = server.fault == "spins_after_the_end"
    slices = server.way("answers_in_slices") or server.way("closes_in_slices")
    return join(listen(server), "listener.setblocking(False)\n\n", fill(LOOP, {
        "fields": "self.spoken = False" if server.fault == "out_stays_armed" else "",
        "waiting": "\n" + timeout(server) + "\n\n\n" + waiting(server).strip("\n"),
        "close": close(server), "enter": enter(server),
        "at_end": "" if spins else join("client.ended = True",
                                            later(server, "closes_in_slices")),
        "answer": answer(server), "turn": turn(server),
        "due": DUE if slices else "", "timers": "due()" if slices else "",
        "hangup": HANGUP if slices else "",
    }, size=server.way("buffer", 65536)))
