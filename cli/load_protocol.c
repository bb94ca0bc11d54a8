#include "cli/load_protocol.h"

#include "base/bytes.h"
#include "cli/command.h"
#include "loadgen/load.h"
#include "loadgen/protocols/protocols.h"

#include <string.h>

enum option_key {
    OPTION_PROTOCOL = 'x' + 256,
    OPTION_SEND,
    OPTION_EXPECT,
    OPTION_EXPECT_PREFIX,
    OPTION_PATH,
    OPTION_RENAMED,
};

static const struct argp_option options[] = {
    {"protocol", OPTION_PROTOCOL, "NAME", 0,
     "What is said: echo (default), exchange, http or sink (one way; answered when acknowledged)",
     0},
    {"send", OPTION_SEND, "TEXT", 0,
     "exchange: send this, a line end behind it; \\r, \\n, \\t, \\\\ and \\xHH are understood", 0},
    {"expect", OPTION_EXPECT, "TEXT", 0,
     "exchange: the reply must be this line (default: any line)", 0},
    {"expect-prefix", OPTION_EXPECT_PREFIX, "TEXT", 0, "exchange: the reply must begin with this",
     0},
    {"exchange", OPTION_RENAMED, "NAME", OPTION_HIDDEN, NULL, 0},
    {"path", OPTION_PATH, "PATH", 0, "http: what to GET (default /)", 0},
    {0},
};

/* Only one load is read in a process; the plan points here. */
static char texts[2][65536];

static int hex_digit(char letter)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *digit = letter != '\0' ? strchr(digits, letter) : NULL;
    return digit != NULL ? (int)((digit - digits) % 16) : -1;
}

/* Reads what follows a backslash and moves on past it; -1 if it is nothing known. */
static int escaped(const char **place)
{
    static const char letters[][2] = {{'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'\\', '\\'}};
    char letter = *(*place)++;
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
        if (letter == letters[i][0])
            return letters[i][1];
    int high = letter == 'x' ? hex_digit((*place)[0]) : -1;
    int low = high >= 0 ? hex_digit((*place)[1]) : -1;
    if (low < 0 || high + low == 0)
        return -1;
    *place += 2;
    return 16 * high + low;
}

static const char *unescape(const struct argp_state *state, const char *name, const char *value,
                            char *text, size_t room)
{
    if (strlen(value) >= room)
        usage_error(state, "--%s: longer than %zu bytes", name, room - 1);
    char *out = text;
    for (const char *place = value; *place != '\0';) {
        int byte = (unsigned char)*place++;
        if (byte == '\\' && (byte = escaped(&place)) < 0)
            usage_error(state, "--%s: '%s' has a \\ with something unknown behind it", name, value);
        *out++ = (char)byte;
    }
    *out = '\0';
    return text;
}

static void take_expected(const struct argp_state *state, const char *name, const char *value)
{
    struct load_plan *plan = state->input;
    if (plan->expect != NULL)
        usage_error(state, "--%s: only one of --expect and --expect-prefix", name);
    plan->expect = unescape(state, name, value, texts[1], sizeof texts[1]);
}

/* A word of another protocol would be left unheard. */
static void check(const struct argp_state *state, const struct load_plan *plan)
{
    bool is_line = plan->protocol == &load_protocol_exchange;
    if (is_line && plan->send == NULL)
        usage_error(state, "--protocol exchange: what is sent? give --send TEXT");
    if (!is_line && (plan->send != NULL || plan->expect != NULL))
        usage_error(state, "--send, --expect: only with --protocol exchange");
    if (plan->protocol != &load_protocol_http && strcmp(plan->path, "/") != 0)
        usage_error(state, "--path: only with --protocol http");
    if (plan->protocol == &load_protocol_sink && plan->slow_readers > 0)
        usage_error(state, "--slow-readers: a sink says nothing that could be read slowly");
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct load_plan *plan = state->input;
    switch (key) {
    case OPTION_PROTOCOL:
        plan->protocol = load_protocol_find(value);
        if (plan->protocol == NULL)
            usage_error(state, "--protocol: '%s' is none of echo, exchange, http, sink", value);
        return 0;
    case OPTION_SEND:
        plan->send = unescape(state, "send", value, texts[0], sizeof texts[0]);
        return 0;
    case OPTION_EXPECT:
        take_expected(state, "expect", value);
        return 0;
    case OPTION_EXPECT_PREFIX:
        take_expected(state, "expect-prefix", value);
        plan->expects_prefix = true;
        return 0;
    case OPTION_PATH:
        if (value[0] != '/' || strpbrk(value, " \r\n") != NULL)
            usage_error(state, "--path: '%s' is not a path: it begins with / and has no blanks",
                        value);
        plan->path = option_text(state, value);
        return 0;
    case OPTION_RENAMED:
        usage_error(state, "--exchange is called --protocol now");
    case ARGP_KEY_END:
        check(state, plan);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp load_protocol_parser = {.options = options, .parser = parse};
