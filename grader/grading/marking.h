/* From an assignment to a series of checks, and from their results to marks and a document. */
#ifndef GRADER_GRADING_MARKING_H
#define GRADER_GRADING_MARKING_H

#include "grader/checks/series.h"
#include "grader/grading/plan.h"
#include "grader/play/token.h"

/* A submission and its assignment's checks as those of a series. */
struct marking {
    const struct grading_plan *plan;
    const char *id; /* of the submission */
    char new_seed[TOKEN_SEED_BYTES];
    struct limits limits;
    struct check scenes[SERIES_CHECKS_MAX];
    struct series_plan series;
};

/* Fills in all but the command, marking->series.stage.arena.command. Plan and id must stay. 0, or
 * -E2BIG: the assignment has more checks than a series. */
int marking_init(struct marking *marking, const struct grading_plan *plan, const char *id);

/* The document of the submission (proctor.grade/1) from what its checks have found; the caller owns
 * it. */
json_t *marking_document(const struct marking *marking, const struct check_result *results,
                         size_t count, const struct stage_run *run);

/* The document where the submission's own fault is that nothing could be played: no points. */
json_t *marking_document_of_failure(const struct marking *marking, const char *check,
                                    const char *finding, const char *text);

/* The document where proctor has failed: no mark at all. */
json_t *marking_document_of_error(const struct marking *marking, const char *step,
                                  const char *text);

#endif
