/* The command behind a run. */
#ifndef RESULTS_REPORT_COMMAND_H
#define RESULTS_REPORT_COMMAND_H

#include "base/bytes.h"
#include "results/page/run.h"

/* A command that repeats the run as far as its document tells, quoted for a shell and for HTML. */
void command_append(struct bytes *out, const struct run *run);

#endif
