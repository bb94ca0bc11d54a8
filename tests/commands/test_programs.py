#!/usr/bin/python3 -B
"""Several programs of one submission, each on a terminal of its own.

Usage: test_programs.py PROCTOR [OPTIONS OF unittest]
"""
import end_to_end

HEAD = """
title: {en: A room}
programs:
  server: {entry: server.py, arguments: "{port} hello", port: 12000}
  client: {entry: client.py, arguments: "127.0.0.1 {port:server}"}
"""

SERVER = """
import socket, sys, threading
others, lock = {}, threading.Lock()
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))

def serve(client):
    with client, client.makefile() as lines:
        name = next(lines).strip()
        client.sendall((sys.argv[2] + " " + name + "\\n").encode())
        print(name, "comes", flush=True)
        with lock:
            others[name] = client
        for line in lines:
            with lock:
                for other, connection in others.items():
                    if other != name:
                        connection.sendall(f"{name}: {line}".encode())
        with lock:
            del others[name]

while True:
    threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
"""

# The password is asked for by a function that throws away what was typed before.
CLIENT = """
import getpass, os, socket, sys, threading
name = input("name? ")
if getpass.getpass("password? ") != "secret":
    sys.exit("wrong password")
server = socket.create_connection((sys.argv[1], int(sys.argv[2])))
server.sendall((name + "\\n").encode())

def show():
    for line in server.makefile():
        print(line, end="", flush=True)

threading.Thread(target=show, daemon=True).start()
while (line := input()) != "quit":
    server.sendall((line + "\\n").encode())
os._exit(0)
"""


def check(name, *steps, keys=""):
    lines = "".join(f"\n      - {{{step}}}" for step in steps)
    return f"\n  - check: {name}\n    title: {{en: {name}}}\n    points: 1\n    {keys}\n    steps:{lines}"


def comes(name, password="secret"):
    return f'program: client, as: {name}, do: start, type: ["{name}\\n", "{password}\\n"]'


ROOM = check("room", comes("hans"), 'as: hans, expect-output: "hello hans\\n"', comes("yoda"),
             'as: yoda, expect-output: "hello yoda\\n"', 'as: server, expect-output: "yoda comes\\n"',
             'as: yoda, type: "here is {token}\\n"', 'as: hans, expect-output: "yoda: here is {token}\\n"',
             'as: yoda, expect-no-output: "{token}"', 'as: server, expect-no-output: "{token}"')
QUIT = check("quit", comes("hans"), 'as: hans, expect-output-pattern: "hello.*hans"', 'as: hans, type: "quit\\n"',
             "as: hans, expect-exit: 0", comes("again"), 'as: again, expect-output: "hello again"')
PASSWORD = check("password", comes("hans", "wrong"), 'as: hans, expect-output: "wrong password"',
                 "as: hans, expect-exit: 1")


class Programs(end_to_end.EndToEnd):
    def grade(self, code, *checks, head=HEAD, server=SERVER, client=CLIENT, **others):
        folder = self.work / "handed-in"
        folder.mkdir(exist_ok=True)
        for name, text in ({"server.py": server, "client.py": client} | others).items():
            (folder / name).write_text(text, encoding="utf-8")
        text = f"{head}points: {len(checks)}\nchecks:{''.join(checks)}\n"
        document = self.document(code, "", "grade", self.write("a.yaml", text), folder)
        return {each["id"]: each for each in document["checks"]}

    def fails(self, finding, text, *checks, **how):
        (check,) = [each for each in self.grade(1, *checks, **how).values() if each["verdict"] == "fail"]
        self.assertEqual(check["finding"], finding, check["evidence"])
        self.assertRegex("\n".join(row["text"] for row in check["evidence"]), text)

    def test_right_ones(self):
        checks = self.grade(0, ROOM, QUIT, PASSWORD, "\n  - {check: starts-and-listens, points: 1}")
        self.assertEqual({each["verdict"] for each in checks.values()}, {"pass"})
        actors = {event["actor"] for event in checks["room"]["timeline"]}
        self.assertLessEqual({"hans", "yoda", "submission"}, actors)

    def test_what_was_printed_is_used_up(self):
        twice = check("twice", comes("hans"), 'as: hans, expect-output: "hello"', 'as: hans, expect-output: "hans"')
        again = check("again", comes("hans"), 'as: hans, expect-output: "hans"', 'as: hans, expect-output: "hello"')
        self.grade(0, twice)
        self.fails("not printed", 'expected: "hello"', again)

    def test_all_of_several_patterns_must_match(self):
        """In any order; what stands before the last match is used up."""
        def says(*patterns, then="yoda"):
            listed = ", ".join(f"'{pattern}'" for pattern in patterns)
            return check("says", comes("hans"), comes("yoda"), f"as: server, expect-output-pattern: [{listed}]",
                         f'as: server, expect-output: "{then}"')
        self.grade(0, says("^hans comes$", "^ha", then="yoda comes"))
        self.grade(0, says("yoda c", "^hans comes$", then="omes"))
        self.fails("not printed", r"expected: \"\^nobodyproctor-", says("^hans", "^nobody{token}"))

    def test_a_server_that_sends_back(self):
        wrong = SERVER.replace("if other != name:", "if True:")
        self.fails("something unexpected was printed", "yoda: here is", ROOM, server=wrong)

    def test_a_client_that_shows_nothing(self):
        wrong = CLIENT.replace("print(line", "str(line")
        self.fails("not printed", "it printed", ROOM, client=wrong.replace(', end="", flush=True', ""))

    def test_a_client_that_dies(self):
        """Its end is seen in what follows from it."""
        self.fails("not printed", "hans ended with exit code 7", ROOM,
                   client=CLIENT.replace("def show", "os._exit(7)\ndef show"))

    def test_a_client_that_ends_in_the_wrong_way(self):
        self.fails("the program ended in the wrong way", "hans ended with exit code 3", QUIT,
                   client=CLIENT.replace("os._exit(0)", "os._exit(3)"))
        self.fails("the program does not end", "sleeps", QUIT,
                   client=CLIENT.replace("os._exit(0)", "threading.Event().wait()"))

    def test_a_server_that_does_not_listen(self):
        verdicts = {name: each["verdict"] for name, each in
                    self.grade(1, ROOM, server="import time\ntime.sleep(1000)\n").items()}
        self.assertEqual(verdicts, {"starts-and-listens": "fail", "room": "skipped"})

    def test_a_check_may_start_them_otherwise(self):
        self.grade(0, check("first", comes("hans"), 'as: hans, expect-output: "hello hans"'),
                   check("second", comes("hans"), 'as: hans, expect-output: "good day hans"',
                         keys="programs: {server: {arguments: \"{port} 'good day'\"}}"))

    def test_each_is_built_and_must_be_there(self):
        head = HEAD.replace("entry: client.py", 'entry: ["*.c"]')
        client = '#include <stdio.h>\nint main(void) { printf("in C\\n"); fflush(stdout); return getchar() == \'x\' ? 0 : 1; }\n'
        one = check("c", "program: client, do: start", 'as: client, expect-output: "in C"',
                    'as: client, type: "x\\n"', "as: client, expect-exit: 0")
        self.grade(0, one, head=head, **{"a.c": client})
        self.fails("it cannot be built", "a.c:", one, head=head, **{"a.c": "int main(void) { return x; }\n"})
        self.fails("it cannot be taken in", "no file matches 'other.py'", one,
                   head=HEAD.replace("client.py", "other.py"))

    def test_a_command_is_one_program(self):
        (self.work / "server.py").write_text(SERVER)
        self.grade(0, ROOM)
        self.expect(0, "it starts another program", "grade", self.work / "a.yaml", "--", "python3",
                    self.work / "server.py", "12000", "hello")


end_to_end.main()
