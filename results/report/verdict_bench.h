/* What a bench has shown: who is best. */
#ifndef RESULTS_REPORT_VERDICT_BENCH_H
#define RESULTS_REPORT_VERDICT_BENCH_H

#include "base/bytes.h"
#include "results/page/run.h"

void verdict_append_bench(struct bytes *out, const struct run *run);

#endif
