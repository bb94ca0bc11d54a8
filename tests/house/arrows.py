#!/usr/bin/env python3
"""The arrows of the house: who includes whom and who uses whose symbols, between rooms and between
files. They point downwards only, and no circle is among them.

Usage: arrows.py BUILD-FOLDER [ROOT]

A module is NAME.c with NAME.h. There is an arrow from one to another where one of its files includes
one of the other's, or where its object needs a symbol that the other's defines: a declaration that
stands elsewhere hides nothing. Besides, no folder has too many modules, each has a short README.md, and
what a source defines for others is declared in a header that it includes. ROOT is the repository;
test_arrows.py names others.
"""
import collections
import functools
import os
import re
import subprocess
import sys

# Each room, and the rooms that it may use; cli may use them all.
ROOMS = {
    "base": "",
    "text": "base",
    "servers": "base text",
    "machine": "base text",
    "observe": "base text",
    "results": "base text",
    "loadgen": "base text observe results",
    "grader": "base text observe results",
    "watch": "base text observe results",
    "bench": "base text observe results loadgen servers machine",
    "cli": "base text observe results loadgen grader watch bench servers machine",
}

# The folders of a room, the lowest first: each may use those before it.
FOLDERS = {
    "servers": "servers servers/protocols servers/serving servers/models",
    "observe": "observe observe/waiting",
    "watch": "watch/target watch",
    "results": "results/measures results/document results/recording results/page results/figures"
    " results/sequence results/report"
    " results/export",
    "loadgen": "loadgen/plan loadgen/protocols loadgen/worker loadgen/engines loadgen/responder loadgen",
    "grader": "grader/intake grader/arena grader/protocols grader/sightings grader/play grader/assignment grader/identify grader/oracle"
    " grader/checks"
    " grader/grading grader/gradebook grader/class",
    "machine": "machine machine/plugin",
    "bench": "bench bench/compare bench/counted bench/suite",
    "cli": "cli/options cli",
}

# Programs of their own.
APART = {"bench/bare", "machine/plugin"}

MODULES_MAX = 22

# A model includes servers/server.h and nothing else, as one from outside does: the list of models,
# which has them all, declares them.
DECLARED_BY_THEIR_LIST = re.compile(r"servers/models/\w+\.c")
README_LINES_MAX = 15

failures = []


def fail(text):
    failures.append(text)
    print("FAILED:", text, file=sys.stderr)


def module_of(path):
    return re.sub(r"\.[ch]$", "", path)


def folder_of(path):
    return os.path.dirname(path)


def find_sources():
    found = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.c", "*.h"],
        check=True, capture_output=True, text=True).stdout.split()
    return [path for path in found
            if path.split("/")[0] in ROOMS and folder_of(path) not in APART and os.path.exists(path)]


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


@functools.cache
def includes_of(path):
    return re.findall(r'^#include "(.*)"', read(path), re.MULTILINE)


def find_includes(sources):
    """(from, to, why) of every include of a file of the house."""
    for source in sources:
        for include in includes_of(source):
            if not os.path.exists(include):
                fail(f"{source} includes {include}, which is not rooted here")
            yield source, include, "include"


def find_objects(build):
    """(source, object) of every object of the house."""
    for room in ROOMS:
        for place, _, names in os.walk(f"{build}/{room}"):
            for name in names:
                path = os.path.join(place, name)
                source = room + "/" + re.sub(r"^.*?\.dir/", "", path)[:-len(".o")]
                if name.endswith(".c.o") and os.path.exists(source) and folder_of(source) not in APART:
                    yield source, path


def read_symbols(build):
    """What each source defines for others, and what it needs of others."""
    defined, needed = {}, {}
    for source, path in find_objects(build):
        symbols = subprocess.run(["nm", path], check=True, capture_output=True, text=True).stdout
        words = [line.split()[-2:] for line in symbols.splitlines()]
        defined[source] = [symbol for kind, symbol in words if kind in "TDBRVW"]
        needed[source] = [symbol for kind, symbol in words if kind == "U"]
    if len(needed) < len(ROOMS):
        fail(f"only {len(needed)} objects found below {build}: is it built?")
    return defined, needed


def find_symbols(defined, needed):
    """(from, to, why) of every symbol that one object needs and another one defines."""
    place = {symbol: source for source, symbols in defined.items() for symbol in symbols}
    for source, symbols in needed.items():
        for symbol in symbols:
            if place.get(symbol, source) != source:
                yield source, place[symbol], symbol


def is_allowed(lower, upper):
    """May the folder `upper` use the folder `lower`?"""
    room, other = upper.split("/")[0], lower.split("/")[0]
    if room != other:
        return other in ROOMS[room].split()
    order = FOLDERS.get(room, room).split()
    return lower in order and upper in order and order.index(lower) <= order.index(upper)


def find_circles(arrows):
    """Sets of more than one node that can all reach each other (Tarjan's algorithm)."""
    number, lowest, stack, circles = {}, {}, [], []

    def visit(node):
        number[node] = lowest[node] = len(number)
        stack.append(node)
        for other in arrows.get(node, ()):
            if other not in number:
                visit(other)
            if other in stack:
                lowest[node] = min(lowest[node], lowest[other])
        if lowest[node] == number[node]:
            circle = stack[stack.index(node):]
            del stack[stack.index(node):]
            if len(circle) > 1:
                circles.append(sorted(circle))

    sys.setrecursionlimit(10000)
    for node in list(arrows):
        if node not in number:
            visit(node)
    return circles


def check_folders(arrows):
    between = collections.defaultdict(set)
    for source, other, why in arrows:
        upper, lower = folder_of(source), folder_of(other)
        if upper == lower:
            continue
        if not is_allowed(lower, upper):
            fail(f"{source} must not use {other} ({why})")
        between[upper].add(lower)
    for upper in sorted(between):
        print(f"{upper} -> {' '.join(sorted(between[upper]))}")
    return between


def check_circles(name, arrows):
    circles = find_circles(arrows)
    for circle in circles:
        fail(f"a circle of {name}: {' '.join(circle)}")
    print(f"{len(circles)} circles of {name}")


def check_sizes(sources):
    modules = collections.defaultdict(set)
    for source in sources:
        modules[folder_of(source)].add(module_of(source))
    for folder, inside in modules.items():
        if len(inside) > MODULES_MAX:
            fail(f"{folder} has {len(inside)} modules; {MODULES_MAX} are the most")


def check_readmes(sources):
    for folder in sorted(set(map(folder_of, sources))):
        path = f"{folder}/README.md"
        if not os.path.exists(path):
            fail(f"{path} is missing")
        elif len(read(path).splitlines()) > README_LINES_MAX:
            fail(f"{path} has over {README_LINES_MAX} lines")


def headers_below(path):
    """All headers that a file includes, and those that they include."""
    found = [path]
    for one in found:
        found += [header for header in includes_of(one) if header not in found and os.path.exists(header)]
    return found[1:]


@functools.cache
def words_of(header):
    """The words of a header without its comments."""
    return frozenset(re.findall(r"\w+", re.sub(r"//.*|/\*(?s:.*?)\*/", "", read(header))))


def check_declarations(defined):
    """What a source defines for others is declared where it says so itself."""
    for source, symbols in sorted(defined.items()):
        if DECLARED_BY_THEIR_LIST.fullmatch(source):
            continue
        declared = set().union(*map(words_of, headers_below(source)))
        for symbol in symbols:
            if symbol != "main" and symbol not in declared:
                fail(f"{source} defines {symbol}, which no header that it includes declares")


def main():
    build = os.path.abspath(sys.argv[1])
    os.chdir(sys.argv[2] if len(sys.argv) > 2 else os.path.join(os.path.dirname(__file__), "../.."))
    sources = find_sources()
    defined, needed = read_symbols(build)
    arrows = list(find_includes(sources)) + list(find_symbols(defined, needed))
    files = collections.defaultdict(set)
    for source, other, _ in arrows:
        if module_of(source) != module_of(other):
            files[module_of(source)].add(module_of(other))
    check_circles("folders", check_folders(arrows))
    check_circles("files", files)
    check_sizes(sources)
    check_readmes(sources)
    check_declarations(defined)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
