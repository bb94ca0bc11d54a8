/* What a run has shown, in words. */
#ifndef RESULTS_REPORT_VERDICT_H
#define RESULTS_REPORT_VERDICT_H

#include "base/bytes.h"
#include "results/page/run.h"

/* The verdict, what it rests on, and what went wrong. */
void verdict_append(struct bytes *out, const struct run *run);

#endif
