/* The class as one document, and as a table for people. */
#ifndef GRADER_CLASS_CLASS_DOCUMENT_H
#define GRADER_CLASS_CLASS_DOCUMENT_H

#include "base/bytes.h"

#include <jansson.h>

struct assignment;

/* The document of the class (proctor.class/1) from those of its submissions: who got what, which
 * of them failed alike, and what everybody failed; the caller owns it. */
json_t *class_describe(const struct assignment *assignment, const char *language,
                       const json_t *grades);

/* Appends the table: a row for each submission, a sign for each check. */
void class_table(const json_t *class, struct bytes *out);

#endif
