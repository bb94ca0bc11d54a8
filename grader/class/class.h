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

struct submission_list;

struct class_plan {
    struct grading_plan grading; /* but for its scratch folder */
    const struct submission_list *submissions;
    const char *folder;  /* documents lie in its grades/ */
    const char *scratch; /* scratch.h: copies of submissions lie in it */
    unsigned jobs;       /* at a time */
    bool resumes;        /* takes the documents that are there of the same files */

    void (*progress)(void *context, size_t done, size_t all); /* one more is done; or NULL */
    void *progress_context;
};

struct class_outcome {
    int error;           /* 0 or -errno; -EINTR: a signal has ended it */
    int signal;          /* which */
    size_t done;         /* documents there are */
    size_t taken_over;   /* documents of an earlier run */
    size_t graded_again; /* those that were there, and were of other files */
};

/* Grades them all. `signals` are held back by the caller: SIGCHLD, and those that end it all. Where
 * one of these ends it nothing of any submission is left running, and the documents that are whole
 * stay. An array of their documents in the order of the list, which the caller owns; or NULL with
 * outcome->error. */
json_t *class_grade(const struct class_plan *plan, const sigset_t *signals,
                    struct class_outcome *outcome);

#endif
