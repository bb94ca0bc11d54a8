/* The files that an assignment gives, as proctor keeps them: what a submission does to its copies
 * does not count. */
#ifndef GRADER_PROTOCOLS_GIVEN_FILES_H
#define GRADER_PROTOCOLS_GIVEN_FILES_H

#include <stddef.h>

struct given_files {
    /* The contents of the file at this path, with its length; NULL: there is none. */
    const char *(*find)(const void *context, const char *path, size_t *length);
    const void *context;
};

#endif
