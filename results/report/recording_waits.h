/* How long each client of a recording waited, and what for, as a table. */
#ifndef RESULTS_REPORT_RECORDING_WAITS_H
#define RESULTS_REPORT_RECORDING_WAITS_H

#include "base/bytes.h"
#include "results/report/recorded_people.h"

void recording_waits(struct bytes *out, const struct recorded *recorded,
                     const struct recorded_people *people);

#endif
