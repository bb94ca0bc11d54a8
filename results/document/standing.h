/* How a server stood in two stored runs, whatever its figures: was it there, was it in trouble, how
 * many of its clients were served? None of that is the machine's mood, so it has a verdict. */
#ifndef RESULTS_DOCUMENT_STANDING_H
#define RESULTS_DOCUMENT_STANDING_H

#include "results/document/run_document.h"

/* In one run. */
struct standing {
    const struct run_result *result; /* NULL: it is missing */
    bool is_in_trouble;              /* or has no figures that may be used */
    double served;                   /* of its clients; NAN: not known, as the next one */
    double asked;
};

struct standings {
    struct standing old;
    struct standing new;
    enum decision verdict; /* open where the runs are unlike in their plans, or nothing is known */
};

/* Of a result of the old run and its counterpart in the new one; either may be NULL. */
struct standings standings_of(const struct run_result *old, const struct run_result *new,
                              bool are_plans_alike);

/* "16 of 16 clients served", "it is missing", "in trouble: it ended". The caller frees. */
char *standing_text(const struct standing *standing);

#endif
