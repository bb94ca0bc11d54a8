/* A whole class: many submissions under one assignment, several at a time.
 *
 * Each submission is graded by a process of its own, which writes one document and ends; what
 * becomes of one costs no other. A document is written under a temporary name and renamed, so that
 * whenever all of it is killed, each one that is there is whole, and `resumes` goes on from them.
 */
#ifndef GRADER_CLASS_CLASS_H
#define GRADER_CLASS_CLASS_H

#include "grader/grading/grading.h"

#include <signal.h>
#include <stdio.h>

struct submission_list;

struct class_plan {
    struct grading_plan grading; /* but for its scratch folder */
    const struct submission_list *submissions;
    const char *folder;  /* documents lie in its grades/ */
    const char *scratch; /* scratch.h: copies of submissions lie in it */
    unsigned jobs;       /* at a time */
    bool resumes;        /* takes the documents that are there of the same files */

    /* Called when one has been graded; `left` are still to be. */
    void (*progress)(const json_t *document, size_t done, size_t all);
};

struct class_outcome {
    int error;           /* 0 or -errno; -EINTR: a signal has ended it */
    int signal;          /* which */
    size_t done;         /* documents there are */
    size_t taken_over;   /* documents of an earlier run */
    size_t graded_again; /* those that were there, and were of other files */
};

/* Holds back the signals with which people end a program, but for those that are ignored: class_run
 * looks for them and ends in order. Until the set of `before` is restored they wait, so that what
 * is temporary can be removed. */
void class_hold_signals(sigset_t *before);

/* Grades them all. Where a signal ends it nothing of any submission is left running, and the
 * documents that are whole stay. An array of their documents in the order of the list, which the
 * caller owns; or NULL with outcome->error. */
json_t *class_run(const struct class_plan *plan, struct class_outcome *outcome);

/* The document of the class (proctor.class/1) from those of its submissions: who got what, which
 * of them failed alike, and what everybody failed; the caller owns it. */
json_t *class_describe(const struct assignment *assignment, const char *language,
                       const json_t *grades);

/* Checks times submissions, for people. */
void class_print(FILE *stream, const json_t *class);

#endif
