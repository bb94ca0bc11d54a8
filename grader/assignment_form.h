/* Does the text of an assignment have the form of one: known keys, each once, with values of the
 * right kind? */
#ifndef GRADER_ASSIGNMENT_FORM_H
#define GRADER_ASSIGNMENT_FORM_H

#include <yaml.h>

/* NULL: it has. Otherwise a sentence, to be freed, and the line it speaks of in `*line`. */
char *assignment_form_check(yaml_document_t *document, unsigned *line);

#endif
