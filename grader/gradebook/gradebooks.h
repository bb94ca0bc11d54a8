/* All gradebooks. */
#ifndef GRADER_GRADEBOOK_GRADEBOOKS_H
#define GRADER_GRADEBOOK_GRADEBOOKS_H

#include "grader/gradebook/gradebook.h"

/* NULL at the end. */
extern const struct gradebook *const gradebooks[];

/* NULL: there is none of that name. */
const struct gradebook *gradebook_find(const char *name);

/* Appends what the gradebook makes of an array of grade documents: of exactly one, unless it
 * takes many. */
void gradebook_render(const struct gradebook *gradebook, const json_t *grades, struct bytes *out);

#endif
