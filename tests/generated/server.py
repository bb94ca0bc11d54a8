"""A generated server, before it is text: its kind, its ways and its fault."""
import dataclasses
import typing


class Kind(typing.NamedTuple):
    """A model in a language, by what the language offers for it."""

    language: str
    model: str
    style: str = "plain"


BLOCKING = ("sequential", "fork", "prefork", "thread", "pool")
LOOPS = ("select", "poll", "epoll")
ADDRESS, PORT = "127.0.0.1", 9500
SUFFIX = {"python": "py", "c": "c", "java": "java", "node": "js", "go": "go"}

KINDS = (
    *(Kind("python", model) for model in BLOCKING + LOOPS),
    Kind("python", "sequential", "socketserver"),
    Kind("python", "thread", "socketserver"),
    Kind("python", "fork", "multiprocessing"),
    Kind("python", "pool", "executor"),
    Kind("python", "epoll", "asyncio"),
    *(Kind("c", model) for model in BLOCKING + LOOPS),
    Kind("java", "sequential"),
    Kind("java", "thread"),
    Kind("java", "thread", "executor"),
    Kind("java", "pool", "executor"),
    Kind("java", "epoll"),
    Kind("node", "epoll"),
    Kind("go", "sequential"),
    Kind("go", "epoll"),
)


@dataclasses.dataclass(frozen=True)
class Server:
    """What a source is written from."""

    seed: str
    number: int
    kind: Kind
    ways: tuple = ()  # of pairs: name, value
    fault: str = ""  # name of what is planted

    def way(self, name, otherwise=None):
        """The value of a way, if the server has it."""
        return dict(self.ways).get(name, otherwise)

    def without(self, name):
        return dataclasses.replace(self, ways=tuple(way for way in self.ways if way[0] != name))

    def features(self):
        """Words for a table: kind, ways and fault."""
        ways = " ".join(f"{name}={words(value)}" for name, value in self.ways)
        return " ".join(self.kind), ways or "-", self.fault or "-"


def words(value):
    """A value as one word."""
    return "x".join(map(str, value)) if isinstance(value, tuple) else str(value)
