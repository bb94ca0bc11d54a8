/* A whole class: many submissions under one assignment, several at a time.
 *
 * Each submission is graded by a process of its own, which writes one document and ends; what
 * becomes of one costs no other. A document is written under a temporary name and renamed, so that
 * whenever all of it is killed, each one that is there is whole, and `resumes` goes on from them.
 */
#ifndef GRADER_CLASS_CLASS_RUN_H
#define GRADER_CLASS_CLASS_RUN_H

#include "grader/arena/scratch.h"
#include "grader/grading/grading.h"

#include <signal.h>

struct submission_list;

struct class_plan {
    struct grading_plan grading; /* but for its scratch folder */
    const struct submission_list *submissions;
    const char *folder; /* documents lie in its grades/; NULL: none stays */
    unsigned jobs;      /* at a time; 0: as many as there are processors */
    bool resumes;       /* takes the documents that are there of the same files */

    void (*progress)(void *context, size_t done, size_t all); /* one more is done; or NULL */
    void *progress_context;
};

struct class_run {
    struct scratch scratch; /* copies of submissions lie in it */
    sigset_t before;        /* the signals that were held back before */
    sigset_t signals;       /* that are waited for: a worker's end, and those that end it all */

    /* What has become of it. */
    int error;           /* 0 or -errno; -EINTR: a signal has ended it */
    int signal;          /* which */
    size_t done;         /* documents there are */
    size_t taken_over;   /* documents of an earlier run */
    size_t graded_again; /* those that were there, and were of other files */
};

/* From here to class_run_end() the signals with which people end a program wait for
 * class_run_grade() to look, except those that are ignored. 0, or -errno if there can be no
 * temporary folder. */
int class_run_begin(struct class_run *run);

/* Grades them all. Where a signal ends it nothing of any submission is left running, and the
 * documents that are whole stay. An array of their documents in the order of the list, which the
 * caller owns; or NULL with run->error. */
json_t *class_run_grade(struct class_run *run, const struct class_plan *plan);

/* Removes what is temporary. Signals are let through again, unless it was one that ended the
 * grading: its sender is to be answered first. */
void class_run_end(struct class_run *run);

#endif
