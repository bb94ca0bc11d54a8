/* Is the protocol of an assignment whole, and does each of its keys belong to its kind? */
#ifndef GRADER_GRADING_ASSIGNMENT_CHECK_PROTOCOL_H
#define GRADER_GRADING_ASSIGNMENT_CHECK_PROTOCOL_H

#include "grader/assignment/assignment.h"
#include "grader/assignment/place.h"

/* NULL, or a sentence, to be freed, with its place. */
char *assignment_check_protocol(const struct assignment *assignment, struct place *place);

/* What is wrong with a message of HTTP besides its first line, its texts excepted; with the key in
 * place->key. */
char *assignment_check_http(const struct assignment *assignment, const struct http_message *message,
                            struct place *place);

#endif
