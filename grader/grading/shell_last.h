/* The last command of a text for a shell. */
#ifndef GRADER_GRADING_SHELL_LAST_H
#define GRADER_GRADING_SHELL_LAST_H

#include <stdbool.h>
#include <stddef.h>

/* In the text, `end` is where its last command ends: before what is blank, and before a comment
 * behind it. If that is a simple command with nothing after it that a shell would have to wait for,
 * true, and `exec` may be written at `begin`, behind its assignments. */
bool shell_find_last(const char *text, size_t *begin, size_t *end);

#endif
