/* How submissions are graded. */
#ifndef GRADER_GRADING_PLAN_H
#define GRADER_GRADING_PLAN_H

#include "grader/arena/arena.h"
#include "grader/assignment/assignment.h"

#include <jansson.h>

struct grading_plan {
    const struct assignment *assignment;
    const char *language;     /* of titles and hints */
    const char *scratch;      /* a folder of ours for copies of submissions */
    bool is_scratch_bounded;  /* the kernel limits what can be written there (scratch.h) */
    enum isolation isolation; /* ISOLATION_BEST: the strongest available */
    int64_t patience_ns;      /* for each wait */
    const json_t *earlier;  /* a document to reuse if files and assignment are the same, or NULL */
    const char *recording;  /* where a recording is written (absolute), or NULL */
    const char *seed;       /* of an earlier run, to repeat its tokens; NULL: a new one */
    const char *only_check; /* played with what it needs, or GRADING_TAKE_IN, GRADING_BUILD; NULL:
                               * all */
};

/* What every submission must pass before its checks, as named in documents. */
#define GRADING_TAKE_IN "is-handed-in"
#define GRADING_BUILD   "builds"

#endif
