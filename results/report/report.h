/* One page about run documents: what was found, in words; what it looked like; how it was measured.
 *
 * It needs no other file and no network, is well-formed XML at once, and says all that it says
 * without its script too. */
#ifndef RESULTS_REPORT_REPORT_H
#define RESULTS_REPORT_REPORT_H

#include "base/bytes.h"
#include "results/document/run_document.h"

#include <stddef.h>

/* Appends the page. */
void report(struct bytes *out, const struct run_document documents[], size_t count);

#endif
