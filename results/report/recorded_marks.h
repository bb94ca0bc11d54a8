/* A recording as a sequence diagram. */
#ifndef RESULTS_REPORT_RECORDED_MARKS_H
#define RESULTS_REPORT_RECORDED_MARKS_H

#include "results/report/recorded_people.h"

/* Fills in an empty sequence; its lanes are those of `people`. */
void recorded_marks(struct sequence *sequence, struct recorded_people *people,
                    const struct recorded *recorded);

/* "thread: a thread for each client, because …"; NULL if nothing was found. The caller frees. */
char *recorded_model_text(const struct recorded_model *model);

/* Why a recording ends, in words. */
const char *recorded_ending_text(enum recorded_ending why);

#endif
