/* What proctor says of itself as a whole. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/options/table.h"

#include <stdio.h>

extern const struct command_line help_line;

/* `commands` ends with one without a name. */
int help_run(const struct command *commands, int argc, char **argv);

/* The commands, the most used ones first, on one screen. */
void help_print_overview(const struct command *commands, FILE *stream);

#endif
