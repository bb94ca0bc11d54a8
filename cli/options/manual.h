/* The pages of the manual, section 1, from the tables of the commands: in the man(7) macros that
 * groff and mandoc know. */
#ifndef CLI_OPTIONS_MANUAL_H
#define CLI_OPTIONS_MANUAL_H

#include "base/bytes.h"
#include "cli/options/table.h"

/* proctor(1): what there is. `commands` ends with one without a name. */
void manual_of_all(const struct command *commands, struct bytes *page);

/* proctor-NAME(1). */
void manual_of_command(const struct command *command, struct bytes *page);

#endif
