#!/usr/bin/python3 -B
"""arrows.py on small houses: one in order, and each with one thing wrong.

Usage: test_arrows.py [OPTIONS OF unittest]
"""
import importlib.util
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ARROWS = pathlib.Path(__file__).resolve().with_name("arrows.py")
spec = importlib.util.spec_from_file_location("arrows", ARROWS)
arrows = importlib.util.module_from_spec(spec)
spec.loader.exec_module(arrows)


class Tree:
    """A house in the folder `root`, built below `root`/build."""

    def __init__(self, root):
        self.root = pathlib.Path(root)

    def write(self, path, text):
        path = self.root / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def write_module(self, name, header, source):
        """NAME.h and NAME.c, which includes it first."""
        self.write(f"{name}.h", f"#pragma once\n{header}\n")
        self.write(f"{name}.c", f'#include "{name}.h"\n{source}\n')

    def build(self):
        for source in self.root.rglob("*.c"):
            room, *rest = source.relative_to(self.root).parts
            target = self.root / "build" / room / "CMakeFiles" / f"{room}.dir" / pathlib.Path(*rest)
            target = target.with_name(target.name + ".o")
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                subprocess.run(["cc", "-c", f"-I{self.root}", "-o", target, source], check=True)


class House(unittest.TestCase):
    """self.tree has a module ROOM/door in each room, and is in order."""

    @classmethod
    def setUpClass(cls):
        cls.template = Tree(cls.enterClassContext(tempfile.TemporaryDirectory()))
        subprocess.run(["git", "init", "-q", cls.template.root], check=True)
        for room in arrows.ROOMS:
            cls.template.write(f"{room}/README.md", "A room.\n")
            cls.template.write_module(f"{room}/door", f"void {room}_door(void);",
                                      f"void {room}_door(void) {{}}")
        cls.template.build()

    def setUp(self):
        self.tree = Tree(self.enterContext(tempfile.TemporaryDirectory()))
        shutil.copytree(self.template.root, self.tree.root, dirs_exist_ok=True)

    def look(self):
        """The exit code of arrows.py, what it prints, and what it says is wrong."""
        done = subprocess.run([sys.executable, "-B", ARROWS, self.tree.root / "build", self.tree.root],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr.splitlines()

    def assert_wrong(self, *sentences):
        """Just this is wrong."""
        self.tree.build()
        code, _, said = self.look()
        self.assertEqual(sorted(said), sorted(f"FAILED: {sentence}" for sentence in sentences))
        self.assertEqual(code, 1)


class InOrder(House):
    def test_nothing_is_wrong(self):
        self.tree.write_module("text/table", '#include "base/door.h"', "")
        self.tree.write_module("grader/play/act", "void act(void);",
                          '#include "text/table.h"\nvoid act(void) {}')
        self.tree.write("grader/play/README.md", "A room.\n" * 15)
        self.tree.write("cli/main.c", '#include "grader/play/act.h"\nint main(void) { act(); }')
        self.tree.build()
        code, printed, said = self.look()
        self.assertEqual((code, said), (0, []))
        self.assertIn("cli -> grader/play\n", printed)
        self.assertIn("grader/play -> text\n", printed)
        self.assertIn("0 circles of folders\n0 circles of files\n", printed)


class Arrows(House):
    def test_a_circle_of_files(self):
        self.tree.write_module("text/hen", "", '#include "text/egg.h"')
        self.tree.write_module("text/egg", "", '#include "text/shell.h"')
        self.tree.write_module("text/shell", '#include "text/hen.h"', "")
        self.assert_wrong("a circle of files: text/egg text/hen text/shell")

    def test_a_circle_of_files_by_symbols(self):
        self.tree.write_module("text/hen", "void hen(void);", "void egg(void);\nvoid hen(void) { egg(); }")
        self.tree.write_module("text/egg", "void egg(void);", "void hen(void);\nvoid egg(void) { hen(); }")
        self.assert_wrong("a circle of files: text/egg text/hen")

    def test_an_arrow_upwards(self):
        self.tree.write_module("base/cellar", '#include "cli/door.h"', "")
        self.assert_wrong("base/cellar.h must not use cli/door.h (include)")

    def test_an_arrow_upwards_by_a_symbol_alone(self):
        self.tree.write_module("base/cellar", "void cellar(void);",
                          "void cli_door(void);\nvoid cellar(void) { cli_door(); }")
        self.assert_wrong("base/cellar.c must not use cli/door.c (cli_door)")

    def test_rooms_of_one_floor(self):
        self.tree.write_module("servers/spy", "", '#include "loadgen/door.h"')
        self.assert_wrong("servers/spy.c must not use loadgen/door.h (include)")

    def test_a_circle_of_folders(self):
        for folder in ("grader/intake", "grader/arena"):
            self.tree.write(f"{folder}/README.md", "A room.\n")
        self.tree.write_module("grader/intake/tree", "", '#include "grader/arena/limits.h"')
        self.tree.write_module("grader/arena/limits", "", "")
        self.tree.write_module("grader/arena/keeper", "", '#include "grader/intake/tree.h"')
        self.assert_wrong("grader/intake/tree.c must not use grader/arena/limits.h (include)",
                          "a circle of folders: grader/arena grader/intake")

    def test_an_include_that_is_not_rooted(self):
        self.tree.write("text/table.h", "")
        self.tree.write("text/table.c", '#include "table.h"\n')
        self.assert_wrong("text/table.c includes table.h, which is not rooted here",
                          "text/table.c must not use table.h (include)")


class Folders(House):
    def test_a_folder_that_is_too_full(self):
        for number in range(arrows.MODULES_MAX):
            self.tree.write(f"text/module{number}.h", "")
        self.assert_wrong(f"text has {arrows.MODULES_MAX + 1} modules; {arrows.MODULES_MAX} are the most")

    def test_a_folder_without_readme(self):
        (self.tree.root / "text/README.md").unlink()
        self.assert_wrong("text/README.md is missing")

    def test_a_readme_that_is_too_long(self):
        self.tree.write("text/README.md", "A room.\n" * 16)
        self.assert_wrong("text/README.md has over 15 lines")

    def test_a_house_that_is_not_built(self):
        shutil.rmtree(self.tree.root / "build")
        code, _, said = self.look()
        self.assertEqual(code, 1)
        self.assertIn("is it built?", said[0])


class Declarations(House):
    def test_what_no_header_declares(self):
        self.tree.write_module("text/table", "// void table(void);\n/* int rows; */",
                          "void table(void) {}\nint rows = 1;")
        self.assert_wrong(*(f"text/table.c defines {name}, which no header that it includes declares"
                            for name in ("table", "rows")))

    def test_what_another_header_declares(self):
        self.tree.write("text/tables.h", "extern const int table_plain;")
        self.tree.write("text/all.h", '#include "text/tables.h"\n')
        self.tree.write("text/plain.c", '#include "text/all.h"\nconst int table_plain = 1;')
        self.tree.build()
        self.assertEqual(self.look()[::2], (0, []))


if __name__ == "__main__":
    unittest.main()
