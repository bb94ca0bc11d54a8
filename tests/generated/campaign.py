#!/usr/bin/python3 -B
"""Grades servers that nobody has seen before, and appends a line for each to a file: seed, number,
kind, ways, fault, what was said wrongly, what was left undecided, what was decided by the clock, and
the seconds. Numbers of this seed that are in the file are not played again.

Usage: campaign.py PROCTOR FILE [--seed SEED] [--count N] [--first N] [--jobs N] [--limit SECONDS]
                   [--touched]
"""
import argparse
import concurrent.futures
import os
import pathlib
import signal
import tempfile

import drawing
import play


def pairs(found):
    return " ".join(f"{check}={what}" for check, what in found.items()) or "-"


def known(path, seed):
    """The numbers of the seed that the file has."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return {int(row[1]) for row in rows if row[0] == seed}


def one(options, number):
    """Plays a server and appends its line."""
    server = drawing.draw(options.seed, number)
    only = drawing.touched(server) if options.touched else ()
    with tempfile.TemporaryDirectory() as folder:
        judgement = play.play(options.proctor, server, folder, only, options.limit)
    if options.stopped:
        return
    line = "\t".join((options.seed, str(number), *server.features(), pairs(judgement.wrong),
                      pairs(judgement.undecided), " ".join(judgement.clock) or "-",
                      f"{judgement.seconds:.1f}"))
    with options.file.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def play_all(options, numbers):
    """Until all are played, or it is stopped: those that are being played then will be again."""
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        playing = [pool.submit(one, options, number) for number in numbers]
        try:
            for done in concurrent.futures.as_completed(playing):
                done.result()
        except KeyboardInterrupt:
            print("stopped; the same command goes on from here")
            options.stopped = True
            pool.shutdown(wait=False, cancel_futures=True)
            play.stop()


def stop(*_):
    raise KeyboardInterrupt


def table(path):
    """What there is so far."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    wrong = [row for row in rows if row[5] != "-"]
    undecided = [row for row in rows if row[6] != "-"]
    print(f"{len(rows)} servers: {len(wrong)} with a wrong verdict, {len(undecided)} undecided")
    for row in wrong:
        print(f"wrong: {row[5]}: seed {row[0]}, number {row[1]}: {row[2]}, {row[3]}, {row[4]}")
    if rows:
        slowest = max(rows, key=lambda row: float(row[8]))
        print(f"slowest: {slowest[8]} s, seed {slowest[0]}, number {slowest[1]}: "
              f"{slowest[2]}, {slowest[3]}, {slowest[4]}")


def main():
    parser = argparse.ArgumentParser(usage=__doc__.partition("Usage: ")[2])
    parser.add_argument("proctor", type=os.path.realpath)
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--limit", type=float, default=300, help="for each server")
    parser.add_argument("--touched", action="store_true",
                        help="only the checks on which the ways and the fault bear")
    options = parser.parse_args(namespace=argparse.Namespace(stopped=False))
    signal.signal(signal.SIGTERM, stop)
    options.file.parent.mkdir(parents=True, exist_ok=True)
    options.file.touch()
    missing = set(range(options.first, options.first + options.count)) - known(
        options.file, options.seed)
    play_all(options, sorted(missing))
    table(options.file)


if __name__ == "__main__":
    main()
