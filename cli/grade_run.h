/* What grading a list of submissions needs of its surroundings: a folder that does not stay, a line
 * of progress, and an end in order when somebody wants it. */
#ifndef CLI_GRADE_RUN_H
#define CLI_GRADE_RUN_H

#include "grader/arena/scratch.h"

#include <jansson.h>
#include <signal.h>

struct class_plan;

struct grade_run {
    struct scratch scratch;
    sigset_t before; /* what was held back before */
};

/* From here on, until grade_run_end(), Ctrl-C and its like wait for grade_run_play() to look. */
void grade_run_begin(struct grade_run *run);

/* Grades; plan->folder may be run->scratch.folder. The array of documents, which the caller owns.
 * If it fails, or somebody ends it, the program ends, with nothing temporary left; by a signal if
 * it was one. */
json_t *grade_run_play(struct grade_run *run, const struct class_plan *plan);

/* Removes what is temporary. */
void grade_run_end(struct grade_run *run);

#endif
