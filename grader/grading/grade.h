/* One submission through a built-in grading, from its start to its certain end. */
#ifndef GRADER_GRADING_GRADE_H
#define GRADER_GRADING_GRADE_H

#include "grader/arena/arena.h"
#include "grader/checks/second_client.h"
#include "grader/checks/series.h"

#include <stdio.h>

struct grade_plan {
    const char *assignment;
    struct arena_plan arena;
    int64_t patience_ns;
    struct conduct conduct;
    struct second_client_options second_client;
    struct series_plan series; /* of the assignment "checks"; its stage is filled in from above */
};

struct grade {
    enum isolation isolation;
    size_t left_running; /* processes that went on when the submission had ended */
    struct check_result results[SERIES_CHECKS_MAX];
    size_t check_count;
};

/* Grades. 0, or -errno with the trouble. grade_release() in every case. */
int grade_run(struct grade *grade, const struct grade_plan *plan, struct arena_trouble *trouble);

/* fail if any check failed, else inconclusive if any was, else pass. */
enum verdict grade_verdict(const struct grade *grade);

/* The document; the caller owns it. */
json_t *grade_describe(const struct grade *grade, const struct grade_plan *plan);

/* For people. */
void grade_print(FILE *stream, const struct grade *grade, const struct grade_plan *plan);

void grade_release(struct grade *grade);

#endif
