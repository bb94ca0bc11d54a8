#include "cli/options/options.h"

#include "base/message.h"
#include "base/quantity.h"
#include "cli/options/complaint.h"
#include "cli/options/help.h"
#include "text/sanitise.h"
#include "text/word_list.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS_MAX    64
#define KEY_FIRST      256 /* above the letters */
#define KEY_HELP       '?'
#define TEXT_MAX_BYTES 65535

/* What argp hands to its parser. */
struct parsing {
    const struct command_line *line;
    void *options;
    size_t argument_count;
    size_t count;
    struct {
        const struct command_option *option;
        void *options; /* the part of the command's struct that its table fills in */
        bool is_given;
    } rows[OPTIONS_MAX];
    struct argp_option described[OPTIONS_MAX + 2]; /* the rows, then that for help */
};

void usage_error(const struct argp_state *state, const char *format, ...)
{
    va_list arguments;
    char *text = NULL;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        abort(); /* no memory */
    va_end(arguments);
    sanitise_say(stderr, SANITISE_LINE, "%s: %s\n", state->name, text);
    fprintf(stderr, "Try '%s --help'.\n", state->name);
    free(text);
    exit(EXIT_USAGE);
}

/*** Values ***/

static uint64_t read_count(const struct argp_state *state, const struct command_option *option,
                           const char *value)
{
    uint64_t count = 0;
    int error = quantity_parse_count(value, &count);
    if (error == -EINVAL)
        usage_error(state, "--%s: '%s' is not a count (like 64 or 10k)", option->name, value);
    if (error < 0 || count < (uint64_t)option->least || count > (uint64_t)option->most)
        usage_error(state, "--%s: %s is not between %" PRId64 " and %" PRId64, option->name, value,
                    option->least, option->most);
    return count;
}

static int64_t read_duration_ns(const struct argp_state *state, const struct command_option *option,
                                const char *value)
{
    int64_t duration_ns = 0;
    int error = quantity_parse_duration_ns(value, &duration_ns);
    if (error == -EINVAL)
        usage_error(state, "--%s: '%s' is not a duration (like 250ms or 10s)", option->name, value);
    if (error < 0 || duration_ns < option->least || duration_ns > option->most)
        usage_error(state, "--%s: %s is not between %gs and %gs", option->name, value,
                    (double)option->least / 1e9, (double)option->most / 1e9);
    return duration_ns;
}

static uint64_t read_word(const struct argp_state *state, const struct command_option *option,
                          const char *value)
{
    char known[256];
    size_t length = 0;
    for (int64_t i = option->least; i <= option->most; i++) {
        if (strcmp(option->words[i], value) == 0)
            return (uint64_t)i;
        const char *before = i == option->least ? "" : i == option->most ? " or " : ", ";
        length += (size_t)snprintf(known + length, sizeof known - length, "%s%s", before,
                                   option->words[i]);
        assert(length < sizeof known);
    }
    usage_error(state, "--%s: unknown value '%s'; use %s", option->name, value, known);
}

const char *option_text(const struct argp_state *state, const char *value)
{
    json_t *text = json_string(value);
    if (text == NULL)
        usage_error(state, "'%s' is not UTF-8", value);
    json_decref(text);
    return value;
}

static void store(void *field, size_t size_bytes, uint64_t value)
{
    if (size_bytes == sizeof(uint16_t))
        *(uint16_t *)field = (uint16_t)value;
    else if (size_bytes == sizeof(uint32_t))
        *(uint32_t *)field = (uint32_t)value;
    else {
        assert(size_bytes == sizeof(uint64_t));
        *(uint64_t *)field = value;
    }
}

static void take_option(struct argp_state *state, const struct command_option *option, char *value,
                        void *options)
{
    void *field = (char *)options + option->offset;
    switch (option->type) {
    case OPTION_FLAG:
        *(bool *)field = true;
        return;
    case OPTION_COUNT:
        store(field, option->size_bytes, read_count(state, option, value));
        return;
    case OPTION_DURATION:
        *(int64_t *)field = read_duration_ns(state, option, value);
        return;
    case OPTION_TEXT:
        *(const char **)field = value;
        return;
    case OPTION_WORD:
        store(field, option->size_bytes, read_word(state, option, value));
        return;
    case OPTION_CHOICE:
        *(const char **)field = option->words[read_word(state, option, value)];
        return;
    case OPTION_CUSTOM:
        option->read(state, option, value, field);
        return;
    case OPTION_OLD_NAME:
        usage_error(state, "--%s is called --%s now", option->name, option->argument);
    }
}

/*** The command line ***/

static void add_table(struct parsing *parsing, const struct option_table *table)
{
    for (const struct command_option *option = table->options; option->name != NULL; option++) {
        size_t i = parsing->count++;
        assert(i < OPTIONS_MAX);
        parsing->rows[i].option = option;
        parsing->rows[i].options = (char *)parsing->options + table->offset;
        parsing->described[i] = help_row(option, KEY_FIRST + (int)i);
    }
}

static void take_argument(struct parsing *parsing, struct argp_state *state, char *value)
{
    const struct command_line *line = parsing->line;
    if (parsing->argument_count++ == line->argument_count)
        usage_error(state, "unexpected argument '%s': %s", value,
                    line->surplus != NULL ? line->surplus : "this command takes none");
    line->take_argument(state, value, parsing->options);
}

/* "--help", "--help=all" or "--help all". */
static _Noreturn void help(const struct argp_state *state, const char *word)
{
    const struct parsing *parsing = state->input;
    if (word == NULL && state->next < state->argc)
        word = state->argv[state->next];
    help_print(parsing->line, state->name, word != NULL && strcmp(word, HELP_ALL) == 0, stdout);
    exit(fflush(stdout) == 0 ? EXIT_YES : EXIT_PROCTOR_FAILED);
}

/* getopt has refused the word that it has read last, or the one that it is reading, of letters. */
static _Noreturn void complain(const struct argp_state *state)
{
    const struct parsing *parsing = state->input;
    char *complaint = NULL;
    for (int i = state->next - 1; i <= state->next && i < state->argc && complaint == NULL; i++)
        complaint = complaint_of_word(parsing->line, state->argv[i], i + 1 == state->argc);
    usage_error(state, "%s", complaint != NULL ? complaint : "a word that cannot be read");
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct parsing *parsing = state->input;
    const struct command_line *line = parsing->line;
    if (key == KEY_HELP)
        help(state, value);
    if (key == ARGP_KEY_ERROR)
        complain(state);
    if (key == ARGP_KEY_ARG) {
        take_argument(parsing, state, value);
        return 0;
    }
    if (key == ARGP_KEY_END) {
        if (line->missing != NULL && parsing->argument_count < line->argument_count)
            usage_error(state, "missing %s", line->missing);
        if (line->check != NULL)
            line->check(state, parsing->options);
        return 0;
    }
    for (size_t i = 0; i < parsing->count; i++)
        if (parsing->described[i].key == key) {
            take_option(state, parsing->rows[i].option, value, parsing->rows[i].options);
            parsing->rows[i].is_given = true;
            return 0;
        }
    return ARGP_ERR_UNKNOWN;
}

void options_parse(const struct command_line *line, int argc, char **argv, void *options)
{
    struct parsing parsing = {.line = line, .options = options};
    for (size_t i = 0; i < OPTION_TABLES_MAX && line->tables[i].options != NULL; i++)
        add_table(&parsing, &line->tables[i]);
    parsing.described[parsing.count] = (struct argp_option){
        .name = "help", .key = KEY_HELP, .arg = HELP_ALL, .flags = OPTION_ARG_OPTIONAL};
    const struct argp parser = {.options = parsing.described, .parser = parse};
    if (argp_parse(&parser, argc, argv, line->flags | ARGP_NO_HELP | ARGP_NO_ERRS, NULL,
                   &parsing) != 0)
        exit(EXIT_USAGE);
}

bool options_is_given(const struct argp_state *state, const char *name)
{
    const struct parsing *parsing = state->input;
    for (size_t i = 0; i < parsing->count; i++)
        if (strcmp(parsing->rows[i].option->name, name) == 0)
            return parsing->rows[i].is_given;
    return false;
}

const char *options_given_of(const struct argp_state *state, enum option_group group)
{
    const struct parsing *parsing = state->input;
    for (size_t i = 0; i < parsing->count; i++)
        if (parsing->rows[i].is_given && parsing->rows[i].option->group == group)
            return parsing->rows[i].option->name;
    return NULL;
}

/* Is the word one of those that stand in `names`, a comma and a blank between them? */
static bool is_named(const char *names, const char *word)
{
    size_t length = strlen(word);
    for (const char *name = names; *name != '\0'; name += strspn(name, ", ")) {
        size_t count = strcspn(name, ",");
        if (count == length && memcmp(name, word, length) == 0)
            return true;
        name += count;
    }
    return false;
}

void options_check_protocol(const struct argp_state *state, const char *protocol)
{
    const struct parsing *parsing = state->input;
    for (size_t i = 0; i < parsing->count; i++) {
        const struct command_option *option = parsing->rows[i].option;
        if (parsing->rows[i].is_given && option->protocol != NULL &&
            !is_named(option->protocol, protocol))
            usage_error(state, "--%s: only with --protocol %s", option->name, option->protocol);
    }
}

/*** Texts with escape sequences ***/

/* Reads what follows a backslash and moves on past it; -1 if it is unknown. */
static int escaped(const char **place)
{
    static const char letters[][2] = {{'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'\\', '\\'}};
    char letter = *(*place)++;
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
        if (letter == letters[i][0])
            return letters[i][1];
    if (letter != 'x' || !isxdigit((unsigned char)(*place)[0]) ||
        !isxdigit((unsigned char)(*place)[1]))
        return -1;
    const char digits[] = {(*place)[0], (*place)[1], '\0'};
    *place += 2;
    int byte = (int)strtol(digits, NULL, 16);
    return byte > 0 ? byte : -1;
}

const char *option_unescaped(const struct argp_state *state, const struct command_option *option,
                             char *value)
{
    if (strlen(value) > TEXT_MAX_BYTES)
        usage_error(state, "--%s: longer than %d bytes", option->name, TEXT_MAX_BYTES);
    char *out = value;
    for (const char *place = value; *place != '\0';) {
        const char *from = place;
        int byte = (unsigned char)*place++;
        if (byte == '\\' && (byte = escaped(&place)) < 0)
            usage_error(state, "--%s: unknown escape at '%s'; use \\r, \\n, \\t, \\\\ or \\xHH",
                        option->name, from);
        *out++ = (char)byte;
    }
    *out = '\0';
    return value;
}

void option_read_escaped(struct argp_state *state, const struct command_option *option, char *value,
                         void *field)
{
    *(const char **)field = option_unescaped(state, option, value);
}

void option_read_frame(struct argp_state *state, const struct command_option *option, char *value,
                       void *field)
{
    static const char *const frames[] = {"u8", "u16", "u32", NULL};
    size_t place = word_place(frames, value);
    if (frames[place] == NULL)
        usage_error(state, "--%s: '%s' is not u8, u16 or u32", option->name, value);
    *(size_t *)field = (size_t)1 << place;
}
