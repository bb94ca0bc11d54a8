/* Two stored run documents, compared result by result.
 *
 * This is not a measured comparison: between two runs the machine may have been warmer or busier,
 * and the figures may differ for that reason. So a measured figure gets no verdict, only whether
 * the spreads overlap; `proctor compare` measures both at the same time. Counters are another
 * matter: a server that makes three system calls for a request makes three tomorrow. Where a
 * counter was the same at all starts of each run, a difference between the runs is real, and may be
 * for the worse.
 *
 * Runs of unlike machines or plans are compared only on request. Counters then still have a verdict
 * if only the machines differ. */
#ifndef RESULTS_DOCUMENT_DIFFERENCE_H
#define RESULTS_DOCUMENT_DIFFERENCE_H

#include "results/document/standing.h"
#include "results/document/unlike.h"

#include <stdbool.h>
#include <stddef.h>

/* Of one metric of one result. */
struct difference_row {
    const struct run_result *old_result; /* belongs to its document */
    const struct run_result *new_result;
    const struct run_metric *metric;
    struct run_value old;
    struct run_value new;
    double change;         /* a share; above 0 is worse. NAN: cannot be said */
    bool has_spreads;      /* do both have one? */
    bool is_apart;         /* do they not overlap? */
    bool is_exact;         /* a counter that was the same at all starts of both */
    enum decision verdict; /* DECISION_OPEN: of what was measured, or of what cannot be judged */
};

struct difference {
    const struct run_document *old; /* not owned, must live as long */
    const struct run_document *new;
    struct unlike_list unlike;
    struct difference_row *rows;
    size_t row_count;
    struct standings *standings; /* of all results of `old`, then of those that only `new` has */
    size_t standing_count;
};

/* Compares the two. Release it in every case. */
void difference_make(struct difference *difference, const struct run_document *old,
                     const struct run_document *new);
void difference_release(struct difference *difference);

/* Has a counter got worse? */
bool difference_is_worse(const struct difference *difference);

/* Is a server missing or in trouble that was not, or does it serve fewer of its clients? */
bool difference_stands_worse(const struct difference *difference);

#endif
