"""What is right to say of a generated server, and what of a document is wrong.

A server is right unless something is planted: then the checks in `fails` must fail, those in `either`
may do both, and all others must pass. What only rests on a check that does not pass is skipped, and
nobody is asked for an opinion on it.
"""
import dataclasses

# The checks in the order in which they are played, and what each needs.
CHECKS = {
    "starts-and-listens": None,
    "serves-one-client": "starts-and-listens",
    "every-client-in-turn": "serves-one-client",
    "no-close-wait": "serves-one-client",
    "split-message": "serves-one-client",
    "split-letter": "split-message",
    "merged-messages": "serves-one-client",
    "large-message": "serves-one-client",
    "second-client-served": "serves-one-client",
    "clients-do-not-mix": "second-client-served",
    "clients-at-once": "clients-do-not-mix",
    "half-silent-client-stalls-nobody": "second-client-served",
    "slow-reader-stalls-nobody": "second-client-served",
    "half-close-answered": "serves-one-client",
    "reset-survived": "every-client-in-turn",
    "queued-client-reset-survived": "every-client-in-turn",
    "nothing-left-behind": "every-client-in-turn",
    "no-spinning": "starts-and-listens",
    "stop-word-ends-session": "serves-one-client",
    "many-clients": "second-client-served",
    "is-model": "serves-one-client",
    "restart-at-once": "serves-one-client",
    "ends-on-SIGTERM": "starts-and-listens",
}
ALL = frozenset(CHECKS)
# Where a gathering of clients is played, rather than one or two.
CROWDS = frozenset({"clients-do-not-mix", "clients-at-once", "many-clients", "nothing-left-behind"})


@dataclasses.dataclass(frozen=True)
class Truth:
    """What must be said of a server."""

    models: frozenset = frozenset()  # what it may be called; none: nobody asks
    fails: frozenset = frozenset()
    either: frozenset = frozenset()

    def right(self, check):
        """The verdicts that are right."""
        if check in self.either:
            return ("pass", "fail")
        return ("fail",) if check in self.fails else ("pass",)


@dataclasses.dataclass
class Judgement:
    """What a document says wrongly, and of what it says nothing."""

    wrong: dict = dataclasses.field(default_factory=dict)  # check or "model": what it was called
    undecided: dict = dataclasses.field(default_factory=dict)
    clock: list = dataclasses.field(default_factory=list)  # right or wrong, by the clock
    seconds: float = 0.0


def judge(truth, document):
    """The judgement on a document of `grade checks` or `identify`; None is a grading without one."""
    judgement = Judgement()
    if document is None:
        judgement.undecided["document"] = "none"
        return judgement
    called = document.get("identified", {}).get("model")
    if "checks" not in document and called not in truth.models:
        judgement.wrong["model"] = str(called)
    for check in document.get("checks", []):
        name, verdict = check["id"], check["verdict"]
        if verdict in ("inconclusive", "error"):
            judgement.undecided[name] = verdict
        elif verdict != "skipped" and verdict not in truth.right(name):
            judgement.wrong[name] = verdict
        if check.get("decided_by") == "clock":
            judgement.clock.append(name)
    return judgement
