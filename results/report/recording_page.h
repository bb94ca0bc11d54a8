/* One page about recordings: what was looked at, who waited for how long, and a sequence diagram.
 *
 * It needs no other file and no network, is well-formed XML at once, says all that it says without
 * its script too, and speaks the language that is spoken (base/language.h). */
#ifndef RESULTS_REPORT_RECORDING_PAGE_H
#define RESULTS_REPORT_RECORDING_PAGE_H

#include "base/bytes.h"
#include "results/recording/recording_read.h"

#include <stddef.h>

/* Appends the page. */
void recording_page(struct bytes *out, const struct recorded recordings[], size_t count);

#endif
