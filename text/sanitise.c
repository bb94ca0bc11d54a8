/* A mode is a row of a table: what a line feed becomes, which characters are escaped and how, and
 * what happens to a line that somebody would take for a command. The latter are:
 *
 * - `::name::` after blanks and `##[name]` anywhere in a line, to the runner of GitHub Actions
 *   (ActionCommand.cs there: the one is trimmed before it is looked at, the other searched for);
 * - `##vso[name]` and `##teamcity[name]` anywhere in a line, to Azure Pipelines and to TeamCity;
 * - `ok`, `not ok`, a plan, a version, a pragma or `Bail out!`, to a reader of TAP;
 * - `Grade :=>>`, `Comment :=>>` and the marks of a block, to Moodle's VPL;
 * - a cell that begins with =, +, -, @ or a tab, to a spreadsheet.
 */
#include "text/sanitise.h"

#include "text/printable.h"

#include <assert.h>
#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum commands {
    COMMANDS_STAY,         /* the line does not begin here, or is quoted */
    COMMANDS_ARE_MARKED,   /* "| " is put before them */
    COMMANDS_ARE_REFERRED, /* their first character becomes a character reference */
};

struct manner {
    const char *begin;
    const char *end;
    const char *line_feed;
    const char *tab;
    enum commands commands;
    const char *special; /* characters that `escape` is called for */
    void (*escape)(struct bytes *out, char character);
};

/*** Escapes ***/

static void escape_by_reference(struct bytes *out, char character)
{
    static const char *const names[UCHAR_MAX + 1] = {
        ['&'] = "amp", ['<'] = "lt", ['>'] = "gt", ['"'] = "quot"};
    const char *name = names[(unsigned char)character];
    if (name != NULL)
        bytes_print(out, "&%s;", name);
    else
        bytes_print(out, "&#%d;", character);
}

static void escape_by_backslash(struct bytes *out, char character)
{
    bytes_print(out, "\\%c", character);
}

/* Readers differ in what a backslash before a bar means within a table. GitHub looks for "@name"
 * and "#12" in the shown text, where the backslash is gone: a space of no width goes between. */
static void escape_for_markdown(struct bytes *out, char character)
{
    if (strchr("|<>&", character) != NULL)
        escape_by_reference(out, character);
    else
        escape_by_backslash(out, character);
    if (character == '@' || character == '#')
        bytes_print(out, "&#8203;");
}

static void escape_by_percent(struct bytes *out, char character)
{
    bytes_print(out, "%%%02X", (unsigned)character);
}

static void escape_by_doubling(struct bytes *out, char character)
{
    bytes_print(out, "%c%c", character, character);
}

static const struct manner manners[] = {
    [SANITISE_STRING] = {"", "", "\n", "\t", COMMANDS_STAY, "", NULL},
    [SANITISE_JSON] = {"", "", "\n", "\t", COMMANDS_STAY, "", NULL},
    [SANITISE_TEXT] = {"", "", "\n", "\t", COMMANDS_ARE_MARKED, "", NULL},
    [SANITISE_LINE] = {"", "", " ", " ", COMMANDS_ARE_MARKED, "", NULL},
    [SANITISE_XML] = {"", "", "\n", "\t", COMMANDS_ARE_REFERRED, "&<>\"'", escape_by_reference},
    [SANITISE_HTML] = {"", "", "\n", "\t", COMMANDS_ARE_REFERRED, "&<>\"'", escape_by_reference},
    [SANITISE_MARKDOWN] = {"", "", " ", " ", COMMANDS_ARE_REFERRED, "\\`*_{}[]<>()#|~&!:@$.+-=^",
                           escape_for_markdown},
    [SANITISE_MARKDOWN_BLOCK] = {"", "", "\n", "\t", COMMANDS_ARE_MARKED, "", NULL},
    [SANITISE_CSV] = {"\"", "\"", "\n", " ", COMMANDS_ARE_MARKED, "\"", escape_by_doubling},
    [SANITISE_TAP] = {"", "", " ", " ", COMMANDS_ARE_MARKED, "\\#", escape_by_backslash},
    [SANITISE_YAML] = {"\"", "\"", "\\n", "\\t", COMMANDS_STAY, "\\\"", escape_by_backslash},
    [SANITISE_GITHUB_MESSAGE] = {"", "", "%0A", "\t", COMMANDS_STAY, "%", escape_by_percent},
    [SANITISE_GITHUB_PROPERTY] = {"", "", "%0A", "\t", COMMANDS_STAY, "%:,", escape_by_percent},
    [SANITISE_VPL] = {">", "", "\n>", "\t", COMMANDS_STAY, "", NULL},
    [SANITISE_OPENMETRICS] = {"\"", "\"", "\\n", " ", COMMANDS_STAY, "\\\"", escape_by_backslash},
};

/*** Commands ***/

struct text {
    const char *at;
    size_t length;
};

static bool begins_with(const struct text *text, size_t from, const char *word)
{
    size_t length = strlen(word);
    return text->length - from >= length && strncasecmp(text->at + from, word, length) == 0;
}

/* The length in bytes of the blank at `from`; 0 if it is none. All blanks of Unicode, as GitHub's
 * runner trims those too. */
static size_t length_of_blank(const struct text *text, size_t from)
{
    static const char *const blanks[] = {
        " ",      "\t",     "\u00A0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004",
        "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200A", "\u202F", "\u205F", "\u3000",
    };
    for (size_t i = 0; i < sizeof blanks / sizeof blanks[0]; i++)
        if (begins_with(text, from, blanks[i]))
            return strlen(blanks[i]);
    return 0;
}

static size_t skip_blanks(const struct text *text, size_t from)
{
    for (size_t length = 1; length > 0; from += length)
        length = length_of_blank(text, from);
    return from;
}

/* A longer word is another word. */
static bool is_whole(const struct text *text, size_t from, const char *word)
{
    size_t end = from + strlen(word);
    bool ends_in_letter = isalpha((unsigned char)text->at[end - 1]) != 0;
    bool goes_on = end < text->length && isalnum((unsigned char)text->at[end]) != 0;
    return !(ends_in_letter && goes_on);
}

/* Where the command begins, if the line from there on is one; otherwise the end of the text. */
static size_t find_command(const struct text *text, size_t line)
{
    static const char *const commands[] = {
        "::",         "ok",     "not ok", "1..",  "Bail out!", "TAP version",
        "Comment :=", "pragma", "<|--",   "--|>", "Grade :=",
    };
    size_t first = skip_blanks(text, line);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (begins_with(text, first, commands[i]) && is_whole(text, first, commands[i]))
            return first;
    return text->length;
}

/* Does the '[' there complete "##[" or "##word["? */
static bool is_log_command(const char *text, size_t at)
{
    size_t word = at;
    while (word > 0 && isalnum((unsigned char)text[word - 1]))
        word--;
    return word >= 2 && text[word - 1] == '#' && text[word - 2] == '#';
}

bool sanitise_completes_command(const char *text, size_t count, size_t at)
{
    if (text[at] == '[')
        return is_log_command(text, at);
    return text[at] == '=' && at >= 1 && begins_with(&(struct text){text, count}, at - 1, ":=>>");
}

static bool is_formula(const struct text *text)
{
    static const char *const signs[] = {
        "=", "+", "-", "@", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0",
    };
    size_t first = skip_blanks(text, 0);
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (begins_with(text, first, signs[i]))
            return true;
    return text->length > 0 && text->at[0] == '\t';
}

/*** Writing ***/

/* Writes the character that begins or completes a command so that it is none. */
static void append_disarmed(struct bytes *out, char character, enum commands commands)
{
    if (commands == COMMANDS_ARE_REFERRED)
        bytes_print(out, "&#%d;", character);
    else
        bytes_print(out, " %c", character);
}

static void append_character(struct bytes *out, const struct text *text, size_t at,
                             const struct manner *manner)
{
    char character = text->at[at];
    if (character == '\n')
        bytes_print(out, "%s", manner->line_feed);
    else if (character == '\t')
        bytes_print(out, "%s", manner->tab);
    else if (sanitise_completes_command(text->at, text->length, at))
        append_disarmed(out, character, manner->commands);
    else if (character != '\0' && strchr(manner->special, character) != NULL)
        manner->escape(out, character);
    else
        bytes_append(out, &character, 1);
}

static void append_lines(struct bytes *out, const struct text *text, const struct manner *manner)
{
    size_t command = text->length;
    for (size_t at = 0; at < text->length; at++) {
        bool begins_line = at == 0 || text->at[at - 1] == '\n';
        if (begins_line && manner->commands != COMMANDS_STAY)
            command = find_command(text, at);
        if (begins_line && command < text->length && manner->commands == COMMANDS_ARE_MARKED)
            bytes_print(out, "| ");
        if (at == command && manner->commands == COMMANDS_ARE_REFERRED)
            append_disarmed(out, text->at[at], manner->commands);
        else
            append_character(out, text, at, manner);
    }
}

/* A fence ends a block only if it is as long as the one that began it. */
static size_t longest_run(const struct text *text, char character)
{
    size_t longest = 0;
    size_t run = 0;
    for (size_t at = 0; at < text->length; at++) {
        run = text->at[at] == character ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static void append_block(struct bytes *out, struct text text, const struct manner *manner)
{
    size_t run = longest_run(&text, '`');
    size_t fence = run < 3 ? 3 : run + 1;
    while (text.length > 0 && text.at[text.length - 1] == '\n')
        text.length--;
    for (size_t i = 0; i < fence; i++)
        bytes_append(out, "`", 1);
    bytes_print(out, "text\n");
    append_lines(out, &text, manner);
    bytes_print(out, "\n");
    for (size_t i = 0; i < fence; i++)
        bytes_append(out, "`", 1);
    bytes_print(out, "\n");
}

void sanitise(struct bytes *out, const char *text, size_t count, enum sanitise_mode mode)
{
    const struct manner *manner = &manners[mode];
    struct bytes clean = {0};
    printable_append(&clean, text, count);
    struct text cleaned = {clean.length > 0 ? bytes_front(&clean) : "", clean.length};
    bytes_print(out, "%s", manner->begin);
    if (mode == SANITISE_CSV && is_formula(&cleaned))
        bytes_print(out, "'");
    if (mode == SANITISE_STRING)
        bytes_append(out, cleaned.at, cleaned.length);
    else if (mode == SANITISE_MARKDOWN_BLOCK)
        append_block(out, cleaned, manner);
    else
        append_lines(out, &cleaned, manner);
    bytes_print(out, "%s", manner->end);
    bytes_release(&clean);
}

void sanitise_print_list(struct bytes *out, enum sanitise_mode mode, const char *missing,
                         const char *format, va_list arguments)
{
    for (const char *at = strchrnul(format, '%'); *at != '\0'; at = strchrnul(format, '%')) {
        bytes_append(out, format, (size_t)(at - format));
        assert(at[1] == 's' || at[1] == '%');
        const char *text = at[1] == 's' ? va_arg(arguments, const char *) : NULL;
        if (at[1] == '%')
            bytes_append(out, "%", 1);
        else if (text == NULL || (text[0] == '\0' && missing[0] != '\0'))
            bytes_append(out, missing, strlen(missing));
        else
            sanitise(out, text, strlen(text), mode);
        format = at + 2;
    }
    bytes_append(out, format, strlen(format));
}

void sanitise_say(FILE *stream, enum sanitise_mode mode, const char *format, ...)
{
    struct bytes out = {0};
    va_list arguments;
    va_start(arguments, format);
    sanitise_print_list(&out, mode, "", format, arguments);
    va_end(arguments);
    fwrite(bytes_front(&out), 1, out.length, stream);
    bytes_release(&out);
}

void sanitise_print(struct bytes *out, enum sanitise_mode mode, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    sanitise_print_list(out, mode, "", format, arguments);
    va_end(arguments);
}
