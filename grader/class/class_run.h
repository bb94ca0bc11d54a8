/* A whole class: many submissions under one assignment, several at a time.
 *
 * Each submission is graded by a process of its own, which writes one document and ends, so one
 * that goes wrong affects no other; one that has not ended when its grading's time is long over is
 * killed. A document is written under a temporary name and renamed, so
 * every document there is whole even if all is killed; `resumes` continues from them.
 */
#ifndef GRADER_CLASS_CLASS_RUN_H
#define GRADER_CLASS_CLASS_RUN_H

#include "grader/arena/scratch.h"
#include "grader/grading/grading.h"

#include <signal.h>

struct submission_list;

/* A recording lies beside the document of its submission: "grades/alice.recording.jsonl". */
#define CLASS_RECORDING_ENDING ".recording.jsonl"

struct class_plan {
    struct grading_plan grading; /* its scratch folder apart */
    const struct submission_list *submissions;
    const char *folder; /* documents lie in its grades/; NULL: none stays */
    int64_t grace_ns;   /* for a worker beyond the time of its grading; 0: three minutes */
    unsigned jobs;      /* at a time; 0: as many as there are processors */
    bool records;       /* each grading, beside its document */
    bool resumes;       /* keeps documents of an earlier run if the files are the same */

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

/* From here to class_run_end() the signals that end a program are blocked, and class_run_grade()
 * looks for them; those that are ignored stay so. 0, or -errno without a temporary folder. */
int class_run_begin(struct class_run *run);

/* Grades them all. If a signal ends it, no process of a submission is left running, and finished
 * documents stay. An array of the documents in the order of the list, which the caller owns; or
 * NULL with run->error. */
json_t *class_run_grade(struct class_run *run, const struct class_plan *plan);

/* Removes what is temporary. Signals are let through again, unless one has ended the grading: the
 * caller then reports that first. */
void class_run_end(struct class_run *run);

#endif
