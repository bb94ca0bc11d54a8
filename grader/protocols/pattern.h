/* Patterns: POSIX extended regular expressions over bytes of any value. */
#ifndef GRADER_PROTOCOLS_PATTERN_H
#define GRADER_PROTOCOLS_PATTERN_H

#include "base/bytes.h"
#include "grader/protocols/filling.h"

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

/* Compiles a pattern that may contain any byte. NULL, and it is regfree()'d in the end; or what is
 * wrong with it, a constant. */
const char *pattern_compile(regex_t *compiled, const struct bytes *pattern);

/* All of them must match, in any order. All zero: none. */
struct patterns {
    regex_t *compiled;
    struct bytes *texts; /* as they were filled in, to be shown */
    size_t count;
};

/* Adds a pattern of an assignment that has been checked. */
void patterns_add(struct patterns *patterns, const char *text, const struct filling *filling);
void patterns_release(struct patterns *patterns);

/* Does it match somewhere? From `*begin` to `*end`. */
bool pattern_find(regex_t *compiled, const char *data, size_t count, size_t *begin, size_t *end);

/* Does each match somewhere? `*end`: up to the end of the last of the matches. */
bool patterns_find(const struct patterns *patterns, const char *data, size_t count, size_t *end);

/* Does each match at the first byte? `*end`: of the longest one. */
bool patterns_begin(const struct patterns *patterns, const char *data, size_t count, size_t *end);

/* The first that matches nowhere, or NULL. */
const struct bytes *patterns_missing(const struct patterns *patterns, const char *data,
                                     size_t count);

#endif
