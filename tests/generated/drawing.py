"""Which server has which number: the same seed and number give the same server, for ever."""
import random

import faults
import ways
from server import KINDS, Server
from truth import Truth

POOLED = ("clients-do-not-mix", "many-clients")
BASE = {  # what a model costs
    "sequential": ("second-client-served",),
    "prefork": POOLED,
    "pool": POOLED,
    "select": ("many-clients",),
}
# Groups that do not go together: what is done for each piece and small pieces; lines and pieces.
APART = {"work": {"buffer"}, "stop": {"buffer", "send"}, "buffer": {"work", "stop"},
         "send": {"stop"}}
EITHER = {  # what the language's way to have a model may cost
    ("python", "fork", "multiprocessing"): ("ends-on-SIGTERM",),
}


def excluded(fault):
    return faults.BY_NAME[fault].without if fault else ()


def may_have(kind, fault, way):
    return way.fits(kind) and way.group not in excluded(fault)


def features():
    """What each campaign has in turn: kinds, faults, and ways with their values."""
    found = [("kind", kind) for kind in KINDS]
    found += 2 * [("fault", fault.name) for fault in faults.FAULTS]
    return found + [("way", (way.name, value)) for way in ways.WAYS for value in way.values
                    for _ in range(way.turns)]


def draw(seed, number):
    """The server of this number: it has the feature whose turn it is, and others by chance."""
    chance = random.Random(f"{seed}/{number}")
    rounds, place = divmod(number, len(features()))
    order = features()
    random.Random(f"{seed}/round {rounds}").shuffle(order)
    what, wanted = order[place]
    kind, fault, way = (wanted if what == name else None for name in ("kind", "fault", "way"))
    kind = kind or chance.choice([
        kind for kind in KINDS if (fault is None or faults.BY_NAME[fault].fits(kind))
        and (way is None or ways.BY_NAME[way[0]].fits(kind))])
    if fault is None and chance.random() < 0.3:
        fault = chance.choice([""] + [
            one.name for one in faults.FAULTS if one.fits(kind)
            and (way is None or may_have(kind, one.name, ways.BY_NAME[way[0]]))])
    fault = fault or ""
    return Server(seed, number, kind, draw_ways(chance, kind, fault, way), fault)


def draw_ways(chance, kind, fault, wanted):
    """Up to four ways that go with each other; the one that is wanted is among them."""
    found = [wanted] if wanted else []
    groups = {ways.BY_NAME[wanted[0]].group} if wanted else set()
    for group in tuple(groups):
        groups |= APART.get(group, set())
    possible = [way for way in ways.WAYS if may_have(kind, fault, way)]
    chance.shuffle(possible)
    for way in possible[:chance.choice((0, 1, 2, 3, 3, 4))]:
        if way.group not in groups:
            groups |= {way.group} | APART.get(way.group, set())
            found.append((way.name, chance.choice(way.values)))
    return tuple(sorted(found))


def fault_of(server):
    return faults.BY_NAME.get(server.fault)


def truth_of(server):
    """What must be said of it."""
    fault = fault_of(server)
    fails = set(BASE.get(server.kind.model, ()))
    either = set(EITHER.get(server.kind, ()))
    if fault:
        fails |= set(fault.fails)
        either |= set(fault.either)
        fails -= set(fault.either)
    for name, _ in server.ways:
        either |= set(ways.BY_NAME[name].either)
    named = frozenset({server.kind.model}) if fault is None or fault.named else frozenset()
    return Truth(named, frozenset(fails), frozenset(either))


def touched(server):
    """The checks on which its fault and its ways bear, and no more."""
    fault = fault_of(server)
    found = set(fault.fails if fault else ())
    for name, _ in server.ways:
        found |= set(ways.BY_NAME[name].touches)
    return found - {"many-clients"} or {"serves-one-client", "no-spinning"}


def options(server, only=()):
    """The words for proctor between its name and the server's command."""
    fault = fault_of(server)
    asks = fault.asks if fault else "checks"
    if asks == "identify":
        return ["identify"]
    if asks == "second-client":
        return ["grade", "second-client"]
    words = ["grade", "checks"]
    if truth_of(server).models:
        words += ["--model", server.kind.model]
    if server.way("stop_word") or server.fault == "wrong_stop_word":
        words += ["--stop-word", "fin"]
    if only:
        known = set(only) & ({"is-model"} if truth_of(server).models else set()) | (
            set(only) - {"is-model"})
        words += ["--only", ",".join(sorted(known or {"serves-one-client"}))]
    return words
