#include "cli/command.h"

#include "base/message.h"
#include "base/quantity.h"
#include "results/document/document.h"
#include "text/output_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void command_parse(const struct argp *parser, int argc, char **argv, unsigned flags, void *input)
{
    argp_err_exit_status = EXIT_USAGE;
    if (argp_parse(parser, argc, argv, flags, NULL, input) != 0)
        exit(EXIT_USAGE);
}

void usage_error(const struct argp_state *state, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s: ", state->name);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\nTry '%s --help'.\n", state->name);
    va_end(arguments);
    exit(EXIT_USAGE);
}

uint64_t option_count(const struct argp_state *state, const char *name, const char *value,
                      uint64_t least, uint64_t most)
{
    uint64_t count = 0;
    int error = quantity_parse_count(value, &count);
    if (error == -EINVAL)
        usage_error(state, "--%s: '%s' is not a count (like 64 or 10k)", name, value);
    if (error < 0 || count < least || count > most)
        usage_error(state, "--%s: %s is not between %" PRIu64 " and %" PRIu64, name, value, least,
                    most);
    return count;
}

int64_t option_duration_ns(const struct argp_state *state, const char *name, const char *value,
                           int64_t least_ns, int64_t most_ns)
{
    int64_t duration_ns = 0;
    int error = quantity_parse_duration_ns(value, &duration_ns);
    if (error == -EINVAL)
        usage_error(state, "--%s: '%s' is not a duration (like 250ms or 10s)", name, value);
    if (error < 0 || duration_ns < least_ns || duration_ns > most_ns)
        usage_error(state, "--%s: %s is not between %gs and %gs", name, value,
                    (double)least_ns / 1e9, (double)most_ns / 1e9);
    return duration_ns;
}

const char *option_text(const struct argp_state *state, const char *value)
{
    json_t *text = json_string(value);
    if (text == NULL)
        usage_error(state, "'%s' is not UTF-8", value);
    json_decref(text);
    return value;
}

void command_check_output(const char *path)
{
    int error = path != NULL ? output_file_check(path) : 0;
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "cannot write %s: %s", path, strerror(-error));
}

void command_write_document(json_t *document, const char *path)
{
    int error = path != NULL ? document_write(document, path) : 0;
    json_decref(document);
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "cannot write %s: %s", path, strerror(-error));
}

static volatile sig_atomic_t is_stopped;

static void stop(int signal_number)
{
    (void)signal_number;
    is_stopped = 1;
}

const volatile sig_atomic_t *command_stop_on_signals(void)
{
    struct sigaction action = {.sa_handler = stop, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    struct sigaction of_hangup;
    sigaction(SIGHUP, NULL, &of_hangup);
    if (of_hangup.sa_handler != SIG_IGN)
        sigaction(SIGHUP, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    return &is_stopped;
}
