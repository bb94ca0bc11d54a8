/* What a run has shown, in words. */
#ifndef RESULTS_REPORT_VERDICT_H
#define RESULTS_REPORT_VERDICT_H

#include "base/bytes.h"
#include "results/page/run.h"

/* A few words, for a list of contents. */
void verdict_append_line(struct bytes *out, const struct run *run);

/* The verdict, what it rests on, and what went wrong. */
void verdict_append(struct bytes *out, const struct run *run);

/* Its first part, of runs of one kind. */
void verdict_append_bench(struct bytes *out, const struct run *run);
void verdict_append_compare(struct bytes *out, const struct run *run);

#endif
