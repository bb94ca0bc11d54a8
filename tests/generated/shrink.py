#!/usr/bin/python3 -B
"""Makes a generated server that gets a wrong verdict smaller: its fault, its ways and the other checks
are taken away one by one as long as the verdict stays wrong. What is left is written as one file,
whose first lines say what proctor says and what is right.

Usage: shrink.py PROCTOR SEED NUMBER [--output FOLDER] [--limit SECONDS]
"""
import argparse
import dataclasses
import os
import pathlib
import tempfile

import drawing
import play
import ways
from server import SUFFIX
from truth import CHECKS

COMMENT = {"python": "#", "c": "//", "java": "//", "node": "//", "go": "//"}


def smaller(server):
    """Each server that is one step smaller."""
    if server.fault:
        yield dataclasses.replace(server, fault="")
    for name, value in server.ways:
        yield server.without(name)
    for name, value in server.ways:
        simplest = ways.BY_NAME[name].values[0]
        if value != simplest:
            found = tuple((one, simplest if one == name else kept) for one, kept in server.ways)
            yield dataclasses.replace(server, ways=found)


def outcome(judgement):
    return judgement.wrong | judgement.undecided


def shrink(try_out, server, wrong):
    """The smallest server of which try_out(server, checks) finds something in `wrong` still wrong,
    the checks to play (none: all), and what is said of it."""
    asked = tuple(check for check in wrong if check in CHECKS)
    only, said = (), wrong
    steps = iter([(server, asked)] * bool(asked) + [(one, ()) for one in smaller(server)])
    while (step := next(steps, None)) is not None:
        found = try_out(*step)
        if set(found) & set(wrong):
            (server, only), said = step, found
            steps = iter([(candidate, only) for candidate in smaller(server)]
                         + [(server, asked)] * (asked != only))
    return server, only, said


def report(server, only, said):
    """The file: what is wrong, what is right, and the source."""
    truth = drawing.truth_of(server)
    sign = COMMENT[server.kind.language]
    kind, found, fault = server.features()
    told = ", ".join(f"{name}: {verdict}" for name, verdict in said.items())
    right = ", ".join(f"{name}: " + (" or ".join(sorted(truth.models)) if name == "model" else
                                     " or ".join(truth.right(name))) for name in said)
    return "\n".join((
        f"{sign} proctor {' '.join(drawing.options(server, only))}: {told}; right: {right}",
        f"{sign} {kind}; ways: {found}; fault: {fault}; from seed {server.seed}, number "
        f"{server.number}", "", play.source(server)))


def main():
    parser = argparse.ArgumentParser(usage=__doc__.partition("Usage: ")[2])
    parser.add_argument("proctor", type=os.path.realpath)
    parser.add_argument("seed")
    parser.add_argument("number", type=int)
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("."))
    parser.add_argument("--limit", type=float, default=300)
    options = parser.parse_args()

    def try_out(server, only):
        with tempfile.TemporaryDirectory() as folder:
            found = outcome(play.play(options.proctor, server, folder, only, options.limit))
        print(" / ".join(server.features()), "->", found or "right", flush=True)
        return found

    server = drawing.draw(options.seed, options.number)
    wrong = try_out(server, ())
    if not wrong:
        raise SystemExit("nothing is wrong with what is said of this one")
    server, only, said = shrink(try_out, server, wrong)
    path = options.output / f"generated-{options.seed}-{options.number}.{SUFFIX[server.kind.language]}"
    path.write_text(report(server, only, said), encoding="utf-8")
    print(path)


if __name__ == "__main__":
    main()
