#!/usr/bin/python3 -B
"""How submissions are built and run: lines of a shell, and what is done by the name of the entry.

Usage: test_build.py PROCTOR [OPTIONS OF unittest]
"""
import os
import shutil
import subprocess
import zipfile

import end_to_end

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"  # of submissions

ASSIGNMENT = """
title: {en: An echo}
entry: [ENTRY]
port: 9500
protocol: {kind: echo}
points: 1
checks: [{check: serves-one-client, points: 1}]
"""

ECHO = """
import os, socket, sys
WHEN
server = socket.create_server(("127.0.0.1", int(os.environ.get("PORT", 9500))))
while True:
    client = server.accept()[0]
    while data := client.recv(100):
        client.sendall(data)
    client.close()
"""

MAIN_C = """
#include <arpa/inet.h>
#include <sys/socket.h>
#include "parts/talk.h"
int main(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {AF_INET, htons(9500), {htonl(INADDR_LOOPBACK)}, {0}};
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 5) < 0)
        return 1;
    for (;;)
        talk(accept(fd, 0, 0));
}
"""

TALK_H = "void talk(int fd);\n"

TALK_C = """
#include <unistd.h>
#include "talk.h"
void talk(int fd)
{
    char data[100];
    for (ssize_t count; (count = read(fd, data, sizeof data)) > 0;)
        if (write(fd, data, (size_t)count) < 0)
            break;
    close(fd);
}
"""

SERVER_JAVA = """
PACKAGE
import java.net.*;
public class Server {
    public static void main(String[] words) throws Exception {
        ServerSocket listener = new ServerSocket(9500);
        while (true)
            new Talk(listener.accept()).run();
    }
}
"""

TALK_JAVA = """
PACKAGE
import java.io.*;
import java.net.*;
public class Talk {
    private final Socket socket;
    public Talk(Socket socket) { this.socket = socket; }
    public void run() throws IOException {
        try (socket) { socket.getInputStream().transferTo(socket.getOutputStream()); }
    }
}
"""

SERVER_GO = """
package main
import ("io"; "net")
func main() {
    listener, _ := net.Listen("tcp", "127.0.0.1:9500")
    for {
        client, _ := listener.Accept()
        talk(client)
    }
}
"""

TALK_GO = """
package main
import ("io"; "net")
func talk(client net.Conn) {
    io.Copy(client, client)
    client.Close()
}
"""

SERVER_RS = """
mod talk;
fn main() {
    let listener = std::net::TcpListener::bind("127.0.0.1:9500").unwrap();
    for client in listener.incoming() {
        talk::talk(client.unwrap());
    }
}
"""

TALK_RS = """
use std::io::{Read, Write};
pub fn talk(mut client: std::net::TcpStream) {
    let mut data = [0; 100];
    while let Ok(count) = client.read(&mut data) {
        if count == 0 || client.write_all(&data[..count]).is_err() { break; }
    }
}
"""

CARGO = """
[package]
name = "echo-server"
version = "0.1.0"
edition = "2021"
"""


class Building(end_to_end.EndToEnd):
    def hand_in(self, files, name="handed-in"):
        """A folder with these files."""
        folder = self.work / name
        shutil.rmtree(folder, ignore_errors=True)
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        return folder

    def graded(self, entry, submission, more=""):
        """The only check under that assignment, or what has failed before it."""
        text = ASSIGNMENT.replace("ENTRY", entry) + more
        run = self.proctor("grade", self.write("a.yaml", text), submission, "--json",
                           self.work / "document.json")
        self.assertIn(run.code, (0, 1), run.err)
        return end_to_end.load_document(self.work / "document.json")["checks"][0]

    def takes(self, entry, files, more=""):
        check = self.graded(entry, self.hand_in(files), more)
        self.assertEqual(check["verdict"], "pass", [row["text"] for row in check["evidence"]])

    def refuses(self, finding, text, entry, files, more=""):
        check = self.graded(entry, self.hand_in(files), more)
        self.assertEqual((check["verdict"], check["finding"]), ("fail", finding))
        self.assertRegex("\n".join(row["text"] for row in check["evidence"]), text)


class Lines(Building):
    def runs(self, line, when="pass"):
        self.takes("s.py", {"s.py": ECHO.replace("WHEN", when)}, f"run: {line}\n")

    def test_any_line_of_a_shell(self):
        for line in ("mkdir -p /tmp/data; python3 {entry}", "PORT={port} python3 {entry}",
                     "cd {dir} && python3 {entry}", "'true && python3 {entry}'",
                     "ulimit -n 64; python3 {entry}", "'false || python3 {entry} # and no more'"):
            with self.subTest(line):
                self.runs(line)

    def test_the_program_is_no_child_of_a_shell(self):
        when = "if os.getppid() != 1: sys.exit(1)"  # the first process of its namespace
        for line in ("python3 {entry}", "mkdir -p /tmp/data; python3 {entry}", "cd {dir} && python3 {entry}",
                     "|\n  PORT=9500\n  export PORT\n  python3 {entry}\n\n"):
            with self.subTest(line):
                self.runs(line, when)

    def test_lines_end_at_the_first_that_fails(self):
        self.refuses("ended before it listened", "exit code 7", "s.py", {"s.py": ECHO.replace("WHEN", "pass")},
                     "run: |\n  true\n  sh -c 'exit 7'\n  python3 {entry}\n")
        self.refuses("it cannot be built", "first\n$", "s.py", {"s.py": ECHO.replace("WHEN", "pass")},
                     "run: python3 {entry}\nbuild: |\n  echo first\n  false\n  echo second\n")


class Entries(Building):
    def need(self, *programs):
        missing = [program for program in programs if shutil.which(program, path=PATH) is None]
        if missing:
            self.skipTest(f"{' and '.join(missing)} not installed")

    def test_c_of_several_files(self):
        files = {"server.c": MAIN_C, "parts/talk.c": TALK_C, "parts/talk.h": TALK_H}
        others = {"client.c": "int main(void) { return 0; }\n", "broken.c": "int main(void) { return no; }\n"}
        self.takes("server.c", files | others)
        files["parts/talk.c"] = TALK_C.replace("char data", "chr data")
        self.refuses("it cannot be built", "talk.c:.*chr", "server.c", files)
        self.refuses("it cannot be built", "server.c:", "server.c", {"server.c": "int main(void) { return no; }"})

    def test_cpp_of_several_files(self):
        self.takes('"*server.cpp"', {"the server.cpp": MAIN_C, "parts/talk.cc": TALK_C, "parts/talk.h": TALK_H})

    def test_targets_of_a_makefile(self):
        makefile = "all:\n\tfalse\nthe_server: server.c parts/talk.c\n\tcc -o $@ $^\n"
        files = {"Makefile": makefile, "server.c": MAIN_C, "parts/talk.c": TALK_C, "parts/talk.h": TALK_H}
        self.takes("Makefile", files, "build: make -s the_server\nrun: ./the_server\n")

    def test_java(self):
        self.need("java", "javac")
        here, package = ("", "package net.echo;")
        several = {"Server.java": SERVER_JAVA.replace("PACKAGE", here),
                   "Parts.java": TALK_JAVA.replace("PACKAGE", here).replace("public class", "class"),
                   "Other.java": "class Other { public static void main(String[] a) {} }"}
        self.takes("Server.java", several)
        other = {"My server.java": (SERVER_JAVA + TALK_JAVA.replace("public class", "class"))
                 .replace("PACKAGE", here).replace("public class Server", "class Echo")
                 .replace("import java.io.*;\nimport java.net.*;\nclass", "class").replace(
                     "import java.net.*;", "import java.io.*; import java.net.*;", 1)}
        self.takes('"*.java"', other)
        packed = {f"src/net/echo/{name}.java": text.replace("PACKAGE", package)
                  for name, text in (("Server", SERVER_JAVA), ("Talk", TALK_JAVA))}
        self.takes('"**/Server.java"', packed)
        packed["src/net/echo/Talk.java"] += "}"
        self.refuses("it cannot be built", "Talk.java:", '"**/Server.java"', packed)

    def test_java_in_an_archive(self):
        self.need("java", "javac", "jar")
        folder = self.hand_in({"Server.java": SERVER_JAVA.replace("PACKAGE", ""),
                               "Talk.java": TALK_JAVA.replace("PACKAGE", "")})
        subprocess.run("javac -d out *.java && jar cfe server.jar Server -C out . && rm -r out *.java",
                       shell=True, check=True, cwd=folder, env=os.environ | {"PATH": PATH})
        self.assertEqual(self.graded('"*.jar"', folder)["verdict"], "pass")

    def test_go(self):
        self.need("go")
        files = {"server.go": SERVER_GO.replace('"io"; ', ""), "talk.go": TALK_GO}
        self.takes("server.go", files)
        module = {f"cmd/{name}": text for name, text in files.items()} | {"go.mod": "module echo\ngo 1.19\n"}
        self.takes('"**/server.go"', module)
        self.refuses("it cannot be built", "talk", "server.go", {"server.go": files["server.go"]})

    def test_rust(self):
        self.need("cargo", "rustc")
        files = {"main.rs": SERVER_RS, "talk.rs": TALK_RS}
        self.takes("main.rs", files)
        crate = {f"server/src/{name}": text for name, text in files.items()} | {"server/Cargo.toml": CARGO}
        self.takes('"**/main.rs"', crate)
        self.takes('"**/Cargo.toml"', crate)

    def test_without_the_bit_for_execution(self):
        """As in an archive made on Windows; and where nothing but the name says that it is a program."""
        script = "#!/bin/sh\nexec python3 server.py\n"
        for entry, first, run in (("start", script, ""), ("start", script[len("#!/bin/sh\n"):], ""),
                                  ("server.py", script, "run: ./start\n")):
            archive = self.work / "handed-in.zip"
            with zipfile.ZipFile(archive, "w") as packed:
                for name, text in {"start": first, "server.py": ECHO.replace("WHEN", "pass")}.items():
                    info = zipfile.ZipInfo(name)
                    info.create_system = 0
                    packed.writestr(info, text)
            with self.subTest(entry=entry, first=first[:9]):
                self.assertEqual(self.graded(entry, archive, run)["verdict"], "pass")
        self.refuses("cannot be run", "exit code 126", "server.py", {"server.py": "", "data": "x\n"},
                     "run: ./data\n")


end_to_end.main()
