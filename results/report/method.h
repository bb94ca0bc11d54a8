/* How a run was measured: enough to do it again. */
#ifndef RESULTS_REPORT_METHOD_H
#define RESULTS_REPORT_METHOD_H

#include "base/bytes.h"
#include "results/page/run.h"

/* Command, plan, machine, and the document itself. */
void method_append(struct bytes *out, const struct run *run);

#endif
