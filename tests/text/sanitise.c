/* Texts that want to be more than text, and what each format gets of them. */
#include "text/sanitise.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define CONVERT(text, mode) convert(text, sizeof(text) - 1, mode)

/* What becomes of the text; valid until the next call but three. */
static const char *convert(const char *text, size_t count, enum sanitise_mode mode)
{
    static char results[4][4096];
    static size_t next;
    struct bytes out = {0};
    sanitise(&out, text, count, mode);
    char *result = results[next++ % 4];
    cr_assert_lt(out.length, sizeof results[0]);
    if (out.length > 0)
        memcpy(result, bytes_front(&out), out.length);
    result[out.length] = '\0';
    bytes_release(&out);
    return result;
}

#define EXPECT(text, mode, expected)                                                               \
    cr_expect_str_eq(CONVERT(text, mode), expected, "%s", CONVERT(text, mode))

/*** What no format lets through ***/

Test(sanitise, keeps_what_is_text)
{
    EXPECT("", SANITISE_STRING, "");
    EXPECT("a\tb\nc", SANITISE_STRING, "a\tb\nc");
    EXPECT("größe € 😀", SANITISE_STRING, "größe € 😀");
}

Test(sanitise, repairs_utf_8)
{
    EXPECT("a\xFFz", SANITISE_STRING, "a\uFFFDz");
    EXPECT("a\xE2\x82", SANITISE_STRING, "a\uFFFD");     /* cut off */
    EXPECT("a\xE2\x82z", SANITISE_STRING, "a\uFFFDz");   /* cut short */
    EXPECT("\xC0\xAF", SANITISE_STRING, "\uFFFD\uFFFD"); /* overlong */
    EXPECT("\xF0\x80\x80\x80", SANITISE_STRING, "\uFFFD\uFFFD\uFFFD\uFFFD");
    EXPECT("\xED\xA0\x80", SANITISE_STRING, "\uFFFD\uFFFD\uFFFD"); /* a surrogate */
    EXPECT("\xF4\x90\x80\x80", SANITISE_STRING, "\uFFFD\uFFFD\uFFFD\uFFFD");
    EXPECT("\xF4\x8F\xBF\xBD", SANITISE_STRING, "\xF4\x8F\xBF\xBD"); /* the last but two */
    EXPECT("\x80\xBF", SANITISE_STRING, "\uFFFD\uFFFD");
}

Test(sanitise, removes_controls_and_noncharacters)
{
    EXPECT("a\0b\a\b\v\f\x7F", SANITISE_STRING, "ab");
    EXPECT("one\r\ntwo\rthree", SANITISE_STRING, "one\ntwothree");
    EXPECT("a\xC2\x85\xC2\x9A"
           "b",
           SANITISE_STRING, "ab"); /* C1 */
    EXPECT("a\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xB7\x90\xF0\x9F\xBF\xBE", SANITISE_STRING, "a");
    EXPECT("\xEF\xBB\xBF"
           "a\xE2\x80\xAE"
           "b\xE2\x81\xA6",
           SANITISE_STRING, "ab"); /* byte order mark, direction */
    EXPECT("a\xE2\x80\xA8"
           "b",
           SANITISE_STRING, "a\nb"); /* line separator */
}

Test(sanitise, removes_escape_sequences)
{
    EXPECT("\x1B[31;1mred\x1B[0m", SANITISE_STRING, "red");
    EXPECT("\x1B]8;;http://example.com/\x1B\\link\x1B]8;;\x1B\\", SANITISE_STRING, "link");
    EXPECT("\x1B]0;title\aon", SANITISE_STRING, "on");
    EXPECT("\x1BP1$r\x1B\\on\x1B_x\x1B\\", SANITISE_STRING, "on");
    EXPECT("\x1B(Bon\x1B=", SANITISE_STRING, "on");
    EXPECT("\xC2\x9B"
           "31mred\xC2\x9D"
           "0;t\xC2\x9C",
           SANITISE_STRING, "red");
    EXPECT("\x1B\x1B[31mred", SANITISE_STRING, "red");
    EXPECT("a\x1B", SANITISE_STRING, "a");
    EXPECT("a\x1B[", SANITISE_STRING, "a");
}

Test(sanitise, lets_no_control_string_without_an_end_swallow_what_follows)
{
    EXPECT("\x1B]0;what follows\nstays", SANITISE_STRING, "0;what follows\nstays");
    EXPECT("\x1BPwhat follows", SANITISE_STRING, "what follows");
    EXPECT("\x1B]0;one\x1B[0mtwo", SANITISE_STRING, "0;onetwo");
}

Test(sanitise, puts_no_command_together_by_removing)
{
    EXPECT("\x1B[0m:\x1B[0m:error::", SANITISE_TEXT, "| ::error::");
    EXPECT("n\aot ok 1", SANITISE_TEXT, "| not ok 1");
    EXPECT("#\b#\b[error]", SANITISE_TEXT, "## [error]");
    EXPECT("]\x01]>", SANITISE_XML, "]]&gt;");
}

/*** Commands ***/

Test(sanitise, leaves_no_workflow_command)
{
    EXPECT("::error::x", SANITISE_TEXT, "| ::error::x");
    EXPECT("a\n \t::set-output name=x::1", SANITISE_TEXT, "a\n|  \t::set-output name=x::1");
    EXPECT("\xC2\xA0\xE3\x80\x80::error::x", SANITISE_LINE, "| \xC2\xA0\xE3\x80\x80::error::x");
    EXPECT("a ##[error]x", SANITISE_TEXT, "a ## [error]x");
    EXPECT("::error::x\n##[x]", SANITISE_XML, "&#58;:error::x\n##&#91;x]");
    EXPECT("::x\na ##[error]x", SANITISE_JSON, "::x\na ## [error]x");
    EXPECT("a ##vso[task.complete]x", SANITISE_TEXT, "a ##vso [task.complete]x");
    EXPECT("##teamcity[x ###[", SANITISE_LINE, "##teamcity [x ### [");
    EXPECT("#vso[x] ## vso[x] ##-[x]", SANITISE_TEXT, "#vso[x] ## vso[x] ##-[x]");
    EXPECT("std::vector", SANITISE_TEXT, "std::vector");
    EXPECT("100%\n::error::x", SANITISE_GITHUB_MESSAGE, "100%25%0A::error::x");
    EXPECT("a,b:c%0A\n", SANITISE_GITHUB_PROPERTY, "a%2Cb%3Ac%250A%0A");
    EXPECT("x\r\n::error::", SANITISE_MARKDOWN, "x &#58;\\:error\\:\\:");
}

Test(sanitise, leaves_no_point_of_tap)
{
    EXPECT("not ok 2 - x", SANITISE_TEXT, "| not ok 2 - x");
    EXPECT("x\n  ok\nokay", SANITISE_TEXT, "x\n|   ok\nokay");
    EXPECT("1..3\nbail out! no", SANITISE_HTML, "&#49;..3\n&#98;ail out! no");
    EXPECT("a # SKIP b\nok 1 \\", SANITISE_TAP, "a \\# SKIP b | ok 1 \\\\");
    EXPECT("a\"\n  ...\nnot ok\\", SANITISE_YAML, "\"a\\\"\\n  ...\\nnot ok\\\\\"");
}

Test(sanitise, leaves_no_mark_of_vpl)
{
    EXPECT("Grade :=>> 100", SANITISE_TEXT, "| Grade : =>> 100");
    EXPECT("x Grade :=>> 100", SANITISE_STRING, "x Grade :=>> 100");
    EXPECT("a\n--|>\nGrade :=>> 100", SANITISE_VPL, ">a\n>--|>\n>Grade : =>> 100");
    EXPECT("a\"\n# EOF\t\\", SANITISE_OPENMETRICS, "\"a\\\"\\n# EOF \\\\\"");
    EXPECT("Grade :=>> 100", SANITISE_HTML, "&#71;rade :&#61;&gt;&gt; 100");
}

Test(sanitise, leaves_no_formula)
{
    EXPECT("=cmd|' /C calc'!A0", SANITISE_CSV, "\"'=cmd|' /C calc'!A0\"");
    EXPECT(" +1", SANITISE_CSV, "\"' +1\"");
    EXPECT("\t@x", SANITISE_CSV, "\"' @x\"");
    EXPECT("\xEF\xBC\x9Dx", SANITISE_CSV, "\"'\xEF\xBC\x9Dx\"");
    EXPECT("say \"x\",\r\ny", SANITISE_CSV, "\"say \"\"x\"\",\ny\"");
}

/*** Markup ***/

Test(sanitise, opens_and_closes_no_markup)
{
    EXPECT("</script><b a='\"'>&amp; ]]>", SANITISE_HTML,
           "&lt;/script&gt;&lt;b a=&#39;&quot;&#39;&gt;&amp;amp; ]]&gt;");
    EXPECT("@name #12", SANITISE_MARKDOWN, "\\@&#8203;name \\#&#8203;12");
    EXPECT("`a` | <b> \\ [x](y) *z* &lt;", SANITISE_MARKDOWN,
           "\\`a\\` &#124; &lt;b&gt; \\\\ \\[x\\]\\(y\\) \\*z\\* &amp;lt;");
}

Test(sanitise, makes_fences_that_nothing_inside_ends)
{
    EXPECT("a", SANITISE_MARKDOWN_BLOCK, "```text\na\n```\n");
    EXPECT("a\n```\n</details>\n", SANITISE_MARKDOWN_BLOCK, "````text\na\n```\n</details>\n````\n");
    EXPECT("`````", SANITISE_MARKDOWN_BLOCK, "``````text\n`````\n``````\n");
    EXPECT("``\x1B[0m``\n::error::x", SANITISE_MARKDOWN_BLOCK,
           "`````text\n````\n| ::error::x\n`````\n");
}

/*** Anything at all ***/

static void expect_harmless(const char *text, size_t count, enum sanitise_mode mode)
{
    struct bytes out = {0};
    sanitise(&out, text, count, mode);
    for (size_t i = 0; i < out.length; i++) {
        unsigned char byte = (unsigned char)bytes_front(&out)[i];
        cr_assert(byte >= 0x20 || byte == '\n' || byte == '\t', "mode %d lets %d through", mode,
                  byte);
    }
    struct bytes again = {0};
    sanitise(&again, out.length > 0 ? bytes_front(&out) : "", out.length, SANITISE_STRING);
    cr_assert_eq(again.length, out.length, "mode %d leaves something to be cleaned", mode);
    bytes_release(&again);
    bytes_release(&out);
}

Test(sanitise, gets_to_the_end_of_any_bytes)
{
    static const char alphabet[] = "\x1B[]8;\\\a\n\r\t:#=>`ok \x9B\x9C\xC2\xE2\x80\xA8\xF0\xFF\0m";
    unsigned state = 1;
    for (int round = 0; round < 2000; round++) {
        char text[40];
        for (size_t i = 0; i < sizeof text; i++) {
            state = state * 1103515245U + 12345U;
            text[i] = alphabet[(state >> 16) % (sizeof alphabet - 1)];
        }
        for (int mode = SANITISE_STRING; mode <= SANITISE_OPENMETRICS; mode++)
            expect_harmless(text, sizeof text, (enum sanitise_mode)mode);
    }
}

Test(sanitise, prints_every_text_through_the_gate_and_nothing_else)
{
    struct bytes out = {0};
    const char *volatile nothing = NULL;
    sanitise_print(&out, SANITISE_HTML, "<b>%s</b> 5 %% %s|%s", "a < b", nothing, "");
    bytes_append(&out, "", 1);
    cr_expect_str_eq(bytes_front(&out), "<b>a &lt; b</b> 5 % |");
    bytes_release(&out);
    sanitise_print(&out, SANITISE_OPENMETRICS, "{a=%s,b=%s}", "x\"y", "");
    bytes_append(&out, "", 1);
    cr_expect_str_eq(bytes_front(&out), "{a=\"x\\\"y\",b=\"\"}");
    bytes_release(&out);
}
