"""What all servers in Python have: how they start, listen and accept, and who else is there."""
from fill import fill, join
from server import ADDRESS, PORT

LISTEN = """
listener = socket.socket()
@reuse
@defer
listener.bind(("{address}", {port}))
listener.listen({backlog})
@how_to_accept
"""

HELPERS = {
    "heartbeat": """
def beat():
    while True:
        time.sleep({value})


threading.Thread(target=beat, daemon=True).start()
""",
    "ragged_helper": """
def tidy():
    bell = threading.Event()
    while True:
        time.sleep({value})
        bell.wait({value})


threading.Thread(target=tidy, daemon=True).start()
""",
    "threads_of_a_runtime": """
def wait_in_turns(seconds):
    bell = threading.Event()
    while not bell.wait(seconds):
        continue


for period in [None] * 15 + [0.05, 5, 5]:
    threading.Thread(target=wait_in_turns, args=(period,), daemon=True).start()
""",
}

REAPER = """
leaving = []


def reap():
    while True:
        time.sleep({value})
        while leaving:
            leaving.pop().close()


threading.Thread(target=reap, daemon=True).start()
"""

ACCEPTS = {
    "accept_timeout": ("listener.settimeout({value})", """
try:
    client = listener.accept()[0]
except TimeoutError:
    continue
client.settimeout(None)
"""),
    "accept_option": ("""
listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO,
                    struct.pack("ll", int({value}), int({value} % 1 * 1000000)))
""", """
try:
    client = listener.accept()[0]
except BlockingIOError:
    continue
client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 0, 0))
"""),
    "accept_by_select": ("listener.setblocking(False)", """
select.select([listener], [], [], {value} or None)
try:
    client = listener.accept()[0]
except BlockingIOError:
    continue
client.setblocking(True)
"""),
}


def start(server):
    if server.way("sleeps_first"):
        return f"time.sleep({server.way('sleeps_first')})"
    if server.way("counts_down"):
        count, seconds = server.way("counts_down")
        return (f"for left in range({count}, 0, -1):\n    print(left, flush=True)\n"
                f"    time.sleep({seconds})")
    return ""


def helper(server):
    texts = [fill(text, value=server.way(name)) for name, text in HELPERS.items()
             if server.way(name)]
    if server.way("closed_by_reaper"):
        texts.append(fill(REAPER, value=server.way("closed_by_reaper")))
    if server.fault == "ignores_sigterm":
        texts.append("signal.signal(signal.SIGTERM, signal.SIG_IGN)")
    return join(*texts)


def listen(server):
    how = next((text for name, (text, _) in ACCEPTS.items() if server.way(name) is not None), "")
    return fill(LISTEN, {
        "reuse": "" if server.fault == "no_reuse_address" else
                 "listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)",
        "defer": "listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, "
                 f"{server.way('defer_accept')})" if server.way("defer_accept") else "",
        "how_to_accept": how}, address=ADDRESS, port=PORT, backlog=server.way("backlog", 128),
        value=next((server.way(name) for name in ACCEPTS if server.way(name) is not None), ""))


def accept(server):
    for name, (_, text) in ACCEPTS.items():
        if server.way(name) is not None:
            return fill(text, value=server.way(name))
    return "client = listener.accept()[0]"
