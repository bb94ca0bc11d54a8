/* What a check has found out. */
#ifndef GRADER_CHECK_H
#define GRADER_CHECK_H

#include "grader/verdict.h"

#include <jansson.h>
#include <stdint.h>

struct check_result {
    const char *id;
    const char *title;
    enum verdict verdict;
    const char *finding; /* in words, "blocked"; a constant */
    const char *hint;    /* what to do about it, or NULL; a constant */
    enum decided_by decided_by;
    json_t *evidence; /* array; owned by the result */
    int64_t duration_ns;
};

#endif
