/* What bash completes on the command line, from the tables of the commands. */
#ifndef CLI_OPTIONS_COMPLETION_H
#define CLI_OPTIONS_COMPLETION_H

#include "base/bytes.h"
#include "cli/options/table.h"

/* A script to be sourced by bash; `commands` ends with one without a name. */
void completion_for_bash(const struct command *commands, struct bytes *script);

#endif
