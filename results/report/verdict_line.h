/* What a run has shown, in a few words: for a title, a list of contents. */
#ifndef RESULTS_REPORT_VERDICT_LINE_H
#define RESULTS_REPORT_VERDICT_LINE_H

#include "base/bytes.h"
#include "results/page/run.h"

void verdict_append_line(struct bytes *out, const struct run *run);

#endif
