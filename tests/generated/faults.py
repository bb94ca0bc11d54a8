"""Planted faults: what each must cost, and what it may cost besides."""
import dataclasses

from server import BLOCKING, LOOPS
from truth import ALL, CROWDS

TOGETHER = ("clients-do-not-mix", "clients-at-once", "half-silent-client-stalls-nobody", "slow-reader-stalls-nobody",
            "many-clients")
KEEPS = ("no-close-wait", "half-close-answered", "nothing-left-behind")
ALL_STYLES = ("plain", "executor", "multiprocessing", "socketserver", "asyncio")
SPEAKS_BADLY = tuple(ALL - {"starts-and-listens", "ends-on-SIGTERM"})


@dataclasses.dataclass(frozen=True)
class Fault:
    """One fault. `asks`: checks (the whole series), identify, or second-client."""

    name: str
    languages: tuple
    models: tuple
    fails: tuple = ()
    either: tuple = ()
    styles: tuple = ("plain",)
    without: tuple = ()  # groups of ways that would hide it
    asks: str = "checks"
    slow: bool = False  # too slow for the tests that run each time
    named: bool = True  # is its model still what it would be without?

    def fits(self, kind):
        return (kind.language in self.languages and kind.model in self.models
                and kind.style in self.styles)


PC = ("python", "c")
PCJ = ("python", "c", "java")
PCJG = PCJ + ("go",)
BLOCKED = ("thread", "pool")  # serve many clients, in threads of one process
WAITS = ("work", "entry", "receive", "end")

FAULTS = (
    Fault("never_closes", PCJG, BLOCKED + LOOPS, KEEPS, ("many-clients",), styles=("plain", "executor"),
          without=("end", "shutdown", "stop"), named=False),
    Fault("keeps_a_copy", PC, ("fork",), KEEPS, ("many-clients",),
          without=("shutdown", "stop")),
    Fault("spins_after_the_end", PCJG, ("thread", "poll", "epoll"), KEEPS + ("no-spinning",),
          ("reset-survived", "many-clients"), without=WAITS + ("shutdown", "trigger"), named=False),
    Fault("answers_the_end_forever", PC, ("thread",), ("half-close-answered", "no-spinning"), ALL - {
        "starts-and-listens", "serves-one-client", "half-close-answered", "no-spinning",
        "split-message", "merged-messages", "second-client-served"},
          without=WAITS + ("shutdown", "stop"), named=False),
    Fault("out_stays_armed", PCJ, LOOPS, ("no-spinning",), ("many-clients",),
          without=("trigger", "work")),
    Fault("answers_first_line_only", PCJG, BLOCKED + LOOPS, ("merged-messages",),
          ("slow-reader-stalls-nobody", "reset-survived"), styles=ALL_STYLES,
          without=("buffer", "send", "stop")),
    Fault("answers_once", PCJ, ("thread", "fork"),
          ("split-message", "large-message", "clients-do-not-mix"),
          ("merged-messages", "slow-reader-stalls-nobody", "reset-survived",
           "half-silent-client-stalls-nobody"), styles=ALL_STYLES,
          without=("entry", "buffer", "stop", "send"), named=False),
    Fault("one_buffer_for_lines", PC, ("thread",), ("half-silent-client-stalls-nobody",),
          ("clients-do-not-mix", "slow-reader-stalls-nobody", "reset-survived"),
          without=("work", "send", "stop")),
    Fault("answers_the_latest", PC, ("thread",), ("clients-do-not-mix",), (
        "second-client-served", "half-silent-client-stalls-nobody", "slow-reader-stalls-nobody",
        "reset-survived", "nothing-left-behind", "many-clients"), without=("entry", "stop", "send")),
    Fault("table_of_eight", PC, ("poll", "epoll"), ("clients-do-not-mix", "many-clients"),
          ("nothing-left-behind",)),
    Fault("dies_of_a_reset", PC, ("sequential",) + LOOPS, ("reset-survived",), (
        "queued-client-reset-survived", "slow-reader-stalls-nobody", "many-clients",
        "half-close-answered", "nothing-left-behind", "clients-do-not-mix", "restart-at-once"),
          without=("accept", "work")),
    Fault("no_reuse_address", PC, BLOCKED + LOOPS, ("restart-at-once",), without=("defer",)),
    Fault("ignores_sigterm", PC + ("node", "go"), BLOCKED + LOOPS, ("ends-on-SIGTERM",)),
    Fault("leaves_zombies", PC, ("fork",), ("nothing-left-behind",), ("ends-on-SIGTERM",)),
    Fault("leaks_descriptors", PC, BLOCKED + LOOPS, ("nothing-left-behind",), ("many-clients",)),
    Fault("threads_stay", PC, ("thread",), ("nothing-left-behind",), ("many-clients",),
          styles=("plain",)),
    Fault("stalls_on_slow_reader", PC, LOOPS, ("slow-reader-stalls-nobody",), ("many-clients",),
          without=("trigger", "work")),
    Fault("closes_silent_clients", PC, ("sequential",), ("second-client-served",), ALL - {
        "starts-and-listens", "serves-one-client", "second-client-served", "restart-at-once",
        "ends-on-SIGTERM"}, without=("receive",), named=False),
    Fault("strips_line_end", PCJG, BLOCKED + LOOPS, ("serves-one-client",), SPEAKS_BADLY,
          styles=ALL_STYLES, named=False, without=("stop", "send")),
    Fault("wrong_stop_word", PC, ("thread",), ("stop-word-ends-session",), without=("stop",)),
    Fault("edge_listener_accepts_once", PC, ("epoll",), ("clients-at-once",), tuple(CROWDS),
          without=("accept",)),
    Fault("variable_of_the_loop", ("c",), ("thread",), ("clients-do-not-mix",), ALL - {
        "starts-and-listens", "serves-one-client", "split-message", "merged-messages", "is-model",
        "restart-at-once", "ends-on-SIGTERM"}, without=("entry", "end", "defer", "accept", "receive"), slow=True),
    # What is not the protocol of the checks, but a server of its model all the same.
    Fault("speaks_in_accept_loop", PC, ("thread",), asks="identify",
          without=("entry", "defer", "work", "stop")),
    Fault("never_answers", PC, ("sequential", "fork", "thread", "poll", "epoll"), asks="identify",
          without=("stop", "send")),
    Fault("reads_and_closes", PC, ("sequential",), asks="identify", without=("stop", "send")),
    Fault("reads_sixteen", PC, ("sequential", "thread"), asks="second-client",
          without=("buffer", "receive", "entry", "stop", "send")),
    Fault("always_writable", ("python",), ("select",), asks="identify"),
)
BY_NAME = {fault.name: fault for fault in FAULTS}
