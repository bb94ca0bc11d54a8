/* Escapes that mean nothing where they stand. */
#ifndef GRADER_ASSIGNMENT_ESCAPES_H
#define GRADER_ASSIGNMENT_ESCAPES_H

#include <yaml.h>

/* In a text that is sent or expected, '\r' and its like stand for a control character only in
 * double quotes: elsewhere YAML leaves them as a backslash and a letter, which nobody means. The
 * sentence of the first such text, to be freed, and its line; or NULL. */
char *escapes_unquoted(yaml_document_t *document, unsigned *line);

/* POSIX patterns have no '\d'; and a backslash before a letter that has no meaning there is as good
 * as none. The sentence of what is wrong with the pattern, to be freed, or NULL. */
char *escapes_of_pattern(const char *pattern);

#endif
