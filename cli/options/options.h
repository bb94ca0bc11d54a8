/* The options of a command line, read by the command's table on top of glibc's argp.
 *
 * argp parses the words, understands abbreviations and lays out --help; what is wrong ends the
 * program with EXIT_USAGE and a sentence that names the option.
 */
#ifndef CLI_OPTIONS_OPTIONS_H
#define CLI_OPTIONS_OPTIONS_H

#include "cli/options/table.h"

/* Fills in `options`, the command's struct, which holds the defaults. A command without arguments
 * needs no `take_argument`, and `check` may be NULL. */
void options_parse(const struct command_line *line, int argc, char **argv, void *options);

/* For a command's `check`: was this option given? */
bool options_is_given(const struct argp_state *state, const char *name);

/* For a command's `check`: the first option of the group that was given, or NULL. */
const char *options_given_of(const struct argp_state *state, enum option_group group);

/* For a command's `check`: refuses options that this protocol would silently ignore. */
void options_check_protocol(const struct argp_state *state, const char *protocol);

/* Ends the program with EXIT_USAGE and a sentence that begins with the command's name. */
_Noreturn void usage_error(const struct argp_state *state, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The text with \r, \n, \t, \\ and \xHH replaced, in place, as it only gets shorter; and the
 * option_function that stores it in a const char *. */
const char *option_unescaped(const struct argp_state *state, const struct command_option *option,
                             char *value);
void option_read_escaped(struct argp_state *state, const struct command_option *option, char *value,
                         void *field);

/* Stores the bytes of u8, u16 or u32 in a size_t; an option_function. */
void option_read_frame(struct argp_state *state, const struct command_option *option, char *value,
                       void *field);

/* Returns `value` if it is UTF-8, as everything in a document must be. */
const char *option_text(const struct argp_state *state, const char *value);

#endif
