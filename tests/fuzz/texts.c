/* Whatever a submission prints: each format gets a text that is clean, and in which nothing acts on
 * its reader. The first byte says which format. */
#include "tests/fuzz/fuzz.h"

#include "text/printable.h"
#include "text/sanitise.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MODES (SANITISE_OPENMETRICS + 1)

static int has_line_that_begins(const struct bytes *text, const char *word)
{
    const char *front = bytes_front(text);
    size_t length = strlen(word);
    for (size_t at = 0, line = 1; at < text->length; at++) {
        if (line && text->length - at >= length && strncasecmp(front + at, word, length) == 0)
            return 1;
        line = front[at] == '\n' || (line && (front[at] == ' ' || front[at] == '\t'));
    }
    return 0;
}

static void expect_no_letter(const struct bytes *text, const char *letters)
{
    for (; *letters != '\0'; letters++)
        fuzz_expect(memchr(bytes_front(text), *letters, text->length) == NULL,
                    "a letter that acts is escaped");
}

/* Quotes only at both ends, and where they are escaped by this letter before them. */
static void expect_quotes(const struct bytes *text, char escape)
{
    const char *front = bytes_front(text);
    size_t end = text->length - 1;
    fuzz_expect(text->length >= 2 && front[0] == '"' && front[end] == '"', "it is quoted");
    for (size_t at = 1; at < end; at++) {
        if (front[at] == escape && at + 1 < end)
            at++;
        else
            fuzz_expect(front[at] != '"' && front[at] != escape, "quotes within are escaped");
    }
}

static void expect_disarmed(const struct bytes *text, enum sanitise_mode mode)
{
    static const char *const commands[] = {"::", "ok 1", "not ok ", "Bail out!", "Grade :="};
    bool is_marked = mode == SANITISE_TEXT || mode == SANITISE_LINE || mode == SANITISE_TAP ||
                     mode == SANITISE_XML || mode == SANITISE_HTML || mode == SANITISE_MARKDOWN ||
                     mode == SANITISE_MARKDOWN_BLOCK;
    for (size_t i = 0; is_marked && i < sizeof commands / sizeof commands[0]; i++)
        fuzz_expect(!has_line_that_begins(text, commands[i]), "no line is a command");
    if (mode == SANITISE_XML || mode == SANITISE_HTML)
        expect_no_letter(text, "<>\"'");
    if (mode == SANITISE_LINE || mode == SANITISE_TAP || mode == SANITISE_MARKDOWN ||
        mode == SANITISE_YAML || mode == SANITISE_GITHUB_MESSAGE || mode == SANITISE_OPENMETRICS ||
        mode == SANITISE_GITHUB_PROPERTY)
        expect_no_letter(text, "\n");
    if (mode == SANITISE_CSV)
        expect_quotes(text, '"');
    if (mode == SANITISE_YAML || mode == SANITISE_OPENMETRICS)
        expect_quotes(text, '\\');
}

static void show(const char *text, size_t count)
{
    char *shown = bytes_shown(text, count, SHOWN_BYTES);
    struct bytes clean = {0};
    bytes_append(&clean, shown, strlen(shown));
    fuzz_expect_clean(&clean);
    free(shown);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes out = {0};
    if (size == 0)
        return 0;
    enum sanitise_mode mode = data[0] % MODES;
    sanitise(&out, (const char *)data + 1, size - 1, mode);
    if (out.length > 0)
        expect_disarmed(&out, mode);
    fuzz_expect_clean(&out);
    show((const char *)data + 1, size - 1);
    return 0;
}
