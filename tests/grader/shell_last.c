/* Where `exec` may be written into a text for a shell. */
#include "grader/grading/shell_last.h"

#include "base/memory.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* The text with '^' before its last command, if that may take an exec, and '$' at its end. */
static void finds(const char *text, const char *expected)
{
    size_t begin = 0;
    size_t end = 0;
    bool is_simple = shell_find_last(text, &begin, &end);
    size_t at = is_simple ? begin : 0;
    cr_assert_leq(at, end, "%s", text);
    char *found =
        text_of("%.*s%s%.*s$", (int)at, text, is_simple ? "^" : "", (int)(end - at), text + at);
    cr_expect_str_eq(found, expected, "%s: %s", text, found);
    free(found);
}

Test(shell_last, a_simple_command_takes_an_exec)
{
    finds("python3 {entry}", "^python3 {entry}$");
    finds("  ./a b\n\n", "  ^./a b$");
    finds("mkdir -p /tmp/x; python3 {entry}", "mkdir -p /tmp/x; ^python3 {entry}$");
    finds("cd {dir} && ./a", "cd {dir} && ^./a$");
    finds("false || ./a", "false || ^./a$");
    finds("A=1\nexport A\n./a --x\n", "A=1\nexport A\n^./a --x$");
    finds("(cd x; make)\n./a", "(cd x; make)\n^./a$");
    finds("if true; then make; fi; ./a", "if true; then make; fi; ^./a$");
    finds("./a >log 2>&1", "^./a >log 2>&1$");
    finds("'a b' \"c;d\" \\; e", "^'a b' \"c;d\" \\; e$");
    finds("./a $(cat x; true)", "^./a $(cat x; true)$");
}

Test(shell_last, assignments_come_before_it)
{
    finds("A=1 ./a", "A=1 ^./a$");
    finds("true; A='x y' B_2=\"$C d\" ./a", "true; A='x y' B_2=\"$C d\" ^./a$");
    finds("A=$(cat x y) ./a", "A=$(cat x y) ^./a$");
    finds("A=1", "A=1$");
}

Test(shell_last, comments_are_left_out)
{
    finds("./a # it's this; one", "^./a$");
    finds("# first\n./a a#b\n# last", "# first\n^./a a#b$");
}

Test(shell_last, what_the_shell_must_wait_for_stays)
{
    finds("./a | tee log", "./a | tee log$");
    finds("./a &", "./a &$");
    finds("true; ./a & wait", "true; ./a & wait$");
    finds("while true; do ./a; done", "while true; do ./a; done$");
    finds("if true; then ./a; fi", "if true; then ./a; fi$");
    finds("{ ./a; }", "{ ./a; }$");
    finds("(./a)", "(./a)$");
    finds("! ./a", "! ./a$");
    finds("exec ./a", "exec ./a$");
    finds("f() { ./a; }\nf", "f() { ./a; }\nf$");
    finds("cat <<END\n# x\nEND\n./a\n", "cat <<END\n# x\nEND\n./a$");
    finds("./a `cat x`", "./a `cat x`$");
    finds("case x in x) ./a;; esac", "case x in x) ./a;; esac$");
    finds("./a;", "./a;$");
    finds("", "$");
    finds("\n", "$");
}
