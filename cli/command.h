/* A subcommand of proctor, and what their option parsers share.
 *
 * Each subcommand is one file: its options, one call into the floor below, its exit code.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/address.h"

#include <argp.h>
#include <jansson.h>
#include <signal.h>
#include <stdint.h>

/* Returns an enum exit_code. argv[0] is "proctor NAME", for messages. */
typedef int command_function(int argc, char **argv);

struct command {
    const char *name;
    const char *summary;
    command_function *run;
};

/* Parses all options with the GNU parser; a wrong one ends the program with EXIT_USAGE. */
void command_parse(const struct argp *parser, int argc, char **argv, unsigned flags, void *input);

/* The value of option `name` as a number within the limits; anything else ends the program with a
 * sentence that names the option, and EXIT_USAGE. */
uint64_t option_count(const struct argp_state *state, const char *name, const char *value,
                      uint64_t least, uint64_t most);
int64_t option_duration_ns(const struct argp_state *state, const char *name, const char *value,
                           int64_t least_ns, int64_t most_ns);

/* The same for a word that is to stand in a document: UTF-8, as it is anywhere else. Returns it. */
const char *option_text(const struct argp_state *state, const char *value);

/* Ends the program with EXIT_PROCTOR_FAILED if `path` could not be written, before all the work is
 * done in vain. NULL and "-" are all right. */
void command_check_output(const char *path);

/* Takes over `document` and writes it to `path`, unless that is NULL; what goes wrong ends the
 * program with EXIT_PROCTOR_FAILED. */
void command_write_document(json_t *document, const char *path);

/* Ends the program with EXIT_USAGE and a sentence that begins with the subcommand's name. */
_Noreturn void usage_error(const struct argp_state *state, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* From now on the first SIGINT, SIGTERM or SIGHUP (unless under nohup) asks the command to end what
 * it does, and the next one ends the program. What is returned becomes true when somebody has
 * asked. */
const volatile sig_atomic_t *command_stop_on_signals(void);

#endif
