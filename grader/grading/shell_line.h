/* Lines of an assignment for a shell: `run`, `build`, and what follows or precedes them. */
#ifndef GRADER_GRADING_SHELL_LINE_H
#define GRADER_GRADING_SHELL_LINE_H

#include <stddef.h>

struct named_port;
struct values;
struct variable;

/* What stands for the words in braces. */
struct shell_values {
    const char *entry;  /* {entry}: the file that was found, relative to the folder; NULL: none */
    const char *folder; /* {dir}: absolute */
    const char *out;    /* {out}: what a build by the entry's suffix makes, "./submission.out" */
    unsigned port;      /* {port} */
    const struct named_port *ports; /* {port:NAME} */
    size_t port_count;
    const struct values *values; /* that were drawn for the whole grading, or NULL */
};

struct shell_line {
    const char *line;                 /* or several lines */
    const char *arguments;            /* that follow the last one, or NULL */
    const struct variable *variables; /* of the environment; the last of a name counts */
    size_t variable_count;
};

/* The command that runs the lines in a shell that ends at the first of them that fails. For
 * execvp(); shell_command_free(). */
char **shell_command_new(const struct shell_line *line, const struct shell_values *values);
void shell_command_free(char **command);

#endif
