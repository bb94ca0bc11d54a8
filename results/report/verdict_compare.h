/* What a comparison has shown. */
#ifndef RESULTS_REPORT_VERDICT_COMPARE_H
#define RESULTS_REPORT_VERDICT_COMPARE_H

#include "base/bytes.h"
#include "results/page/run.h"

void verdict_append_compare(struct bytes *out, const struct run *run);

#endif
