/* What grading a class needs around it: a folder that does not stay, and an orderly end when
 * somebody asks for one. */
#ifndef GRADER_CLASS_CLASS_RUN_H
#define GRADER_CLASS_CLASS_RUN_H

#include "grader/arena/scratch.h"
#include "grader/class/class.h"

struct class_run {
    struct scratch scratch;
    sigset_t before;  /* the signals that were held back before */
    sigset_t signals; /* see class_grade() */
    struct class_outcome outcome;
};

/* From here to class_run_end() the signals with which people end a program wait for
 * class_run_grade() to look, except those that are ignored. 0, or -errno if there can be no
 * temporary folder. */
int class_run_begin(struct class_run *run);

/* Grades as class_grade() does, in the run's own scratch folder. plan->folder may be NULL: nothing
 * stays; plan->jobs 0: as many as there are processors. NULL with run->outcome if it fails. */
json_t *class_run_grade(struct class_run *run, const struct class_plan *plan);

/* Removes what is temporary. Signals are let through again, unless it was one that ended the
 * grading: its sender is to be answered first. */
void class_run_end(struct class_run *run);

#endif
