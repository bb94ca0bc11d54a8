/* What --help says of a command, as argp lays it out: on one screen of 24 lines of 80 columns, the
 * options that are most used; or all of them. */
#ifndef CLI_OPTIONS_HELP_H
#define CLI_OPTIONS_HELP_H

#include "cli/options/table.h"

#include <stdio.h>

/* The word behind --help that asks for all. */
#define HELP_ALL "all"

/* `name` is "proctor NAME". */
void help_print(const struct command_line *line, const char *name, bool all, FILE *stream);

/* One row as argp takes it; `key` is that of an option without a letter. */
struct argp_option help_row(const struct command_option *option, int key);

#endif
