/* What was wrong with a word that getopt has refused, and what it may have been meant to be. */
#ifndef CLI_OPTIONS_COMPLAINT_H
#define CLI_OPTIONS_COMPLAINT_H

#include "cli/options/table.h"

/* A sentence, to be freed, or NULL if nothing is wrong with the word. `is_last`: no other
 * follows. */
char *complaint_of_word(const struct command_line *line, const char *word, bool is_last);

/* ", did you mean X?" for the option that is most like this name, or what else helps; to be
 * freed. */
char *complaint_guess_option(const struct command_line *line, const char *name);

#endif
