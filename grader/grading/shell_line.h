/* Lines of an assignment for a shell: `run`, `build`, and what follows or precedes them. */
#ifndef GRADER_GRADING_SHELL_LINE_H
#define GRADER_GRADING_SHELL_LINE_H

#include <stddef.h>

/* What stands for the words in braces. */
struct shell_values {
    const char *entry;  /* {entry}: the file that was found, relative to the folder; NULL: none */
    const char *folder; /* {dir}: absolute */
    const char *out;    /* {out}: what a build by the entry's suffix makes, "./submission.out" */
    unsigned port;      /* {port} */
};

/* The command that runs `line`, of one or several lines, in a shell that ends at the first of them
 * that fails; `arguments` (or NULL) follow the last one. For execvp(); shell_command_free(). */
char **shell_command_new(const char *line, const char *arguments,
                         const struct shell_values *values);
void shell_command_free(char **command);

#endif
