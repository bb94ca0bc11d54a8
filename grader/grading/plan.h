/* How submissions are graded, whichever they are. */
#ifndef GRADER_GRADING_PLAN_H
#define GRADER_GRADING_PLAN_H

#include "grader/arena/arena.h"
#include "grader/assignment/assignment.h"

#include <jansson.h>

struct grading_plan {
    const struct assignment *assignment;
    const char *language;     /* of titles and hints */
    const char *scratch;      /* a folder of ours for copies of submissions */
    bool is_scratch_bounded;  /* the kernel lets nobody write too much there; see scratch.h */
    enum isolation isolation; /* ISOLATION_BEST: the best that is to be had */
    int64_t patience_ns;      /* for each wait */
    const json_t *earlier;    /* given again for the same submission and assignment; NULL: none */
    const char *seed;         /* of an earlier run, whose tokens are to be said; NULL: a new one */
    const char *only_check;   /* played with what it needs, or GRADING_TAKE_IN, GRADING_BUILD; NULL:
                               * all of them */
};

/* What every submission has to pass before its checks, as their names stand in documents. */
#define GRADING_TAKE_IN "is-handed-in"
#define GRADING_BUILD   "builds"

#endif
