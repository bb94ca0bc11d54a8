#include "cli/submission_options.h"

#include "base/clock.h"
#include "base/language.h"
#include "base/message.h"
#include "cli/command.h"

#include <assert.h>
#include <string.h>

enum option_key {
    OPTION_PATIENCE = 'p' + 512,
    OPTION_PORT,
    OPTION_ISOLATION,
    OPTION_WITHOUT_IO_URING,
    OPTION_STRICT,
    OPTION_JSON,
    OPTION_LANGUAGE,
};

static const struct argp_option options[] = {
    {"patience", OPTION_PATIENCE, "TIME", 0,
     "How long to wait when nothing can be concluded (default 20s)", 0},
    {"port", OPTION_PORT, "N", 0,
     "The port that is meant (default: the one the program listens on)", 0},
    {"isolation", OPTION_ISOLATION, "LEVEL", 0,
     "root, user, network or none; without it, the best that is to be had ('proctor doctor')", 0},
    {"without-io-uring", OPTION_WITHOUT_IO_URING, NULL, 0,
     "The program finds a kernel without io_uring", 0},
    {"strict", OPTION_STRICT, NULL, 0, "Exit with 4 if nothing could be concluded", 0},
    {"json", OPTION_JSON, "FILE", 0, "Write the document too; - is standard output", 0},
    {"language", OPTION_LANGUAGE, "LANGUAGE", 0,
     "Of what is found and said of it: en, fr or de (default: that of LC_ALL, LC_MESSAGES or LANG)",
     0},
    {0},
};

static enum isolation parse_isolation(const char *value, const struct argp_state *state)
{
    static const char *const names[] = {
        [ISOLATION_ROOT] = "root",
        [ISOLATION_USER] = "user",
        [ISOLATION_NETWORK] = "network",
        [ISOLATION_NONE] = "none",
    };
    for (size_t i = ISOLATION_ROOT; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(value, names[i]) == 0)
            return (enum isolation)i;
    usage_error(state, "--isolation: '%s' is none of root, user, network, none", value);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct submission_options *submission = state->input;
    switch (key) {
    case OPTION_PATIENCE:
        submission->patience_ns =
            option_duration_ns(state, "patience", value, NS_PER_MS, 3600 * NS_PER_S);
        return 0;
    case OPTION_PORT:
        submission->port = (uint16_t)option_count(state, "port", value, 1, UINT16_MAX);
        return 0;
    case OPTION_ISOLATION:
        submission->arena.isolation = parse_isolation(value, state);
        return 0;
    case OPTION_WITHOUT_IO_URING:
        submission->limits.is_without_io_uring = true;
        return 0;
    case OPTION_STRICT:
        submission->is_strict = true;
        return 0;
    case OPTION_JSON:
        submission->json_path = value;
        return 0;
    case OPTION_LANGUAGE:
        if (!language_is_known(value))
            usage_error(state, "--language: '%s' is none of en, fr, de", value);
        submission->language = value;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp submission_options_parser = {.options = options, .parser = parse};

void submission_options_init(struct submission_options *submission)
{
    *submission = (struct submission_options){
        .limits = limits_default,
        .patience_ns = 20 * NS_PER_S,
    };
    submission->arena.limits = &submission->limits;
}

void submission_options_take_command(struct submission_options *submission,
                                     struct argp_state *state)
{
    submission->arena.command = &state->argv[state->next - 1];
    state->next = state->argc;
}

void submission_options_set_language(const struct submission_options *submission)
{
    int error = language_set(submission->language);
    assert(error == 0); /* as the option has been checked */
    (void)error;
}

void submission_options_die(const struct submission_options *submission, const char *who,
                            const struct arena_trouble *trouble, int error)
{
    if (trouble->is_command)
        die(EXIT_USAGE, "%s: cannot run '%s': %s", who, submission->arena.command[0],
            strerror(-error));
    die(EXIT_PROCTOR_FAILED, "%s: %s failed: %s; 'proctor doctor' tells what is missing", who,
        trouble->what, strerror(-error));
}

void submission_options_warn(const struct submission_options *submission, const char *who,
                             const char *isolation)
{
    if (submission->arena.isolation != ISOLATION_BEST)
        return;
    if (strcmp(isolation, isolation_name(ISOLATION_NETWORK)) == 0)
        warn(
            "%s: the program saw all files of this machine; 'proctor doctor' tells what is missing",
            who);
    if (strcmp(isolation, isolation_name(ISOLATION_NONE)) == 0)
        warn("%s: nothing was kept from the program; 'proctor doctor' tells what is missing", who);
}

bool submission_options_prints_text(const struct submission_options *submission)
{
    return submission->json_path == NULL || strcmp(submission->json_path, "-") != 0;
}
