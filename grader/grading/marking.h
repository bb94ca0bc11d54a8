/* From an assignment to a series of checks, and from their results to marks and a document. */
#ifndef GRADER_GRADING_MARKING_H
#define GRADER_GRADING_MARKING_H

#include "grader/assignment/assignment.h"
#include "grader/checks/series.h"

/* What an assignment's checks are as those of a series. */
struct marking {
    const struct assignment *assignment;
    const char *language; /* of titles and hints, "en" */
    struct series_plan series;
    struct check scenes[SERIES_CHECKS_MAX];
    struct limits limits;
    char **typed;
};

/* Fills in all but the command, marking->series.stage.arena.command. The assignment must stay. 0,
 * or -E2BIG: it has more checks than a series. marking_release() in every case. */
int marking_init(struct marking *marking, const struct assignment *assignment,
                 const char *language);
void marking_release(struct marking *marking);

/* The document of a submission (proctor.grade/1) from what its checks have found; the caller owns
 * it. */
json_t *marking_document(const struct marking *marking, const char *submission,
                         const struct check_result *results, size_t count,
                         const struct series_run *run);

/* The document where the submission's own fault is that nothing could be played: no points. */
json_t *marking_document_of_failure(const struct marking *marking, const char *submission,
                                    const char *id, const char *finding, const char *text);

/* The document where proctor has failed: no mark at all. */
json_t *marking_document_of_error(const struct marking *marking, const char *submission,
                                  const char *step, const char *text);

#endif
