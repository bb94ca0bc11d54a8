"""Ways to be right: whatever a server does that costs it nothing.

A period is such that ten of them are within the five seconds that a reaction may always take, and a
start within the patience.
"""
import dataclasses

from server import BLOCKING, LOOPS, Kind

ANSWERS = ("serves-one-client", "every-client-in-turn", "half-close-answered")
LEAVES = ("no-close-wait", "half-close-answered", "nothing-left-behind")


@dataclasses.dataclass(frozen=True)
class Way:
    """One way: of a group a server has at most one."""

    name: str
    group: str
    values: tuple
    languages: tuple = ("python", "c", "java")
    models: tuple = BLOCKING
    styles: tuple = ("plain", "executor", "multiprocessing", "socketserver")
    also: tuple = ()  # kinds
    touches: tuple = ("serves-one-client",)  # checks on which it bears
    either: tuple = ()  # checks that it may cost after all
    turns: int = 1  # more, where few kinds can have it
    slow: bool = False  # too slow for the tests that run each time

    def fits(self, kind):
        return kind in self.also or (kind.language in self.languages and kind.model in self.models
                                     and kind.style in self.styles)


ALL_STYLES = ("plain", "executor", "multiprocessing", "socketserver", "asyncio")
EVERY = dict(languages=("python", "c", "java", "node", "go"), models=BLOCKING + LOOPS, styles=ALL_STYLES)
CHOOSES_BACKLOG = EVERY | {"languages": ("python", "c", "java", "node")}
ACCEPTS = dict(styles=("plain", "executor", "multiprocessing"))
DIRECT = ("python", "c")
# Loops that have timers of their own.
TIMERS = (*(Kind("python", model) for model in LOOPS), Kind("python", "epoll", "asyncio"),
          Kind("node", "epoll"))
GO = (Kind("go", "sequential"), Kind("go", "epoll"))

WAYS = (
    # Before it listens.
    Way("sleeps_first", "start", (0.3, 1, 3), **EVERY, touches=("starts-and-listens",)),
    Way("counts_down", "start", ((20, 0.05), (10, 0.3), (5, 1), (10, 1)), **EVERY,
        touches=("starts-and-listens",), slow=True),
    # How it listens and accepts.
    Way("backlog", "backlog", (1, 2, 5, 16, 1024), **CHOOSES_BACKLOG,
        touches=("clients-do-not-mix", "many-clients")),
    Way("defer_accept", "defer", (1, 5), DIRECT, BLOCKING + LOOPS, ("plain", "multiprocessing"),
        touches=("every-client-in-turn",), slow=True,
        either=("many-clients", "queued-client-reset-survived")),
    Way("accept_timeout", "accept", (0.05, 0.5, 2), **ACCEPTS, also=GO, touches=ANSWERS),
    Way("accept_option", "accept", (0.05, 0.5, 2), DIRECT, **ACCEPTS, touches=ANSWERS),
    Way("accept_by_select", "accept", (0, 0.1, 1), DIRECT, **ACCEPTS, touches=ANSWERS),
    # What happens to a client first.
    Way("works_before_reading", "entry", (0.3, 1, 3), also=GO, touches=("serves-one-client", "is-model")),
    # How it receives.
    Way("buffer", "buffer", (16, 100, 1000, 65536), models=BLOCKING + LOOPS,
        styles=ALL_STYLES, also=GO,
        touches=("large-message", "split-message")),
    Way("receive_timeout", "receive", (0.02, 0.5, 2), also=GO,
        touches=("serves-one-client", "no-spinning", "many-clients")),
    Way("polls_first", "receive", (-1, 50, 1000), DIRECT,
        touches=("serves-one-client", "half-close-answered")),
    # What it does before it answers.
    Way("answers_in_slices", "work", ((10, 0.05), (4, 0.25), (100, 0.005)), also=TIMERS + GO,
        touches=ANSWERS),
    Way("sleeps_before_answer", "work", (0.02, 0.2, 1), also=GO, touches=ANSWERS),
    Way("computes", "work", (5, 50, 200), also=GO, touches=("clients-do-not-mix",)),
    Way("asks_the_kernel", "work", (300, 30000), DIRECT,
        turns=2, touches=("serves-one-client", "no-spinning")),
    # How it answers.
    Way("sends_in_pieces", "send", (1, 7, 20), also=GO, touches=("serves-one-client", "large-message")),
    # Before it closes.
    Way("closes_in_slices", "end", ((10, 0.05), (4, 0.25)), also=TIMERS + GO, touches=LEAVES),
    Way("sleeps_before_close", "end", (0.3, 1), also=GO, touches=LEAVES),
    Way("closed_by_reaper", "end", (0.05, 0.3, 1), models=("thread", "pool"),
        styles=("plain", "executor"), turns=2, touches=LEAVES),
    Way("shuts_down_first", "shutdown", (1,), also=GO, touches=LEAVES),
    # Who else is there.
    Way("heartbeat", "helper", (0.003, 0.02, 0.1, 0.5, 2), **EVERY,
        touches=("serves-one-client", "no-close-wait")),
    Way("ragged_helper", "helper", (0.005, 0.03), touches=("serves-one-client", "is-model")),
    Way("threads_of_a_runtime", "helper", (1,), DIRECT,
        turns=2, touches=("serves-one-client", "is-model")),
    # What a worker of a pool does, and a loop.
    Way("looks_into_queue", "queue", (0.05, 0.3), ("python", "c"), ("pool",), ("plain",),
        turns=5, touches=("every-client-in-turn",)),
    Way("ticks", "wait", (0.02, 0.1, 0.5, 2), ("python", "c", "java"), LOOPS, ("plain",),
        touches=("serves-one-client", "half-close-answered")),
    Way("edge_triggered", "trigger", (1,), DIRECT, ("epoll",), ("plain",),
        turns=9, touches=("large-message", "is-model")),
    Way("one_shot", "trigger", (1,), DIRECT, ("epoll",), ("plain",),
        turns=8, touches=("large-message", "is-model")),
    Way("stop_word", "stop", ("fin",), ("python", "c", "java"), ("thread", "fork"), ("plain",),
        turns=8, touches=("stop-word-ends-session",)),
)
BY_NAME = {way.name: way for way in WAYS}
