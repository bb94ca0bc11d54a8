/* Makes a series of checks of an assignment, and marks and a document of their results. */
#ifndef GRADER_GRADING_MARKING_H
#define GRADER_GRADING_MARKING_H

#include "grader/checks/series.h"
#include "grader/grading/beside_setup.h"
#include "grader/grading/plan.h"
#include "grader/grading/reference_setup.h"
#include "grader/grading/start.h"
#include "grader/protocols/token.h"

/* A check in its row. */
struct marked {
    struct check check;             /* its texts are ours to free */
    const struct assigned_row *row; /* or NULL */
    const char *needs;              /* as written, without the row */
};

/* A submission, and the checks of its assignment as a series. */
struct marking {
    const struct grading_plan *plan;
    const char *id; /* of the submission */
    char new_seed[TOKEN_SEED_BYTES];
    struct limits limits;
    struct values values; /* that were drawn for all of it */
    char *material;       /* our own copy, or NULL */
    char **writable;      /* absolute paths, NULL-terminated; or NULL */
    const char *folder;   /* of the submission */
    struct beside_setup besides;
    struct reference_setup reference;
    struct starts starts;
    struct marked marked[SERIES_CHECKS_MAX];
    struct series_plan series;
};

/* How long a whole grading by this assignment may take. */
int64_t marking_time_ns(const struct assignment *assignment);

/* Fills in all but the commands of marking->starts; the time of the grading begins. Plan and id
 * must outlive it. 0, or -E2BIG: the assignment has more checks than a series. marking_release() in
 * either case. */
int marking_init(struct marking *marking, const struct grading_plan *plan, const char *id);
void marking_release(struct marking *marking);

/* The document of the submission (proctor.grade/1) with these results; the caller owns it. */
json_t *marking_document(const struct marking *marking, const struct check_result *results,
                         size_t count, const struct stage_run *run);

/* The document if nothing could be played by the hand-in's own fault: no points, and "not_run"
 * names the check that it has failed. */
json_t *marking_document_of_failure(const struct marking *marking, const char *check,
                                    const char *finding, json_t *evidence);

/* The document if proctor has failed: no marks at all. */
json_t *marking_document_of_error(const struct marking *marking, const char *step,
                                  const char *text);

#endif
