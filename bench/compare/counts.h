/* What the counts of a few starts say. */
#ifndef BENCH_COMPARE_COUNTS_H
#define BENCH_COMPARE_COUNTS_H

#include "bench/compare/compared.h"

#define COUNTS_STARTS 3 /* of each side, in turns, at least */

/* Do all starts of NEW take more than all others, or less? `starts->tolerance` is set. */
bool counts_are_apart(const struct starts *starts);

/* Are more starts needed before the counts can be believed? */
bool counts_need_more_starts(const struct starts *starts);

/* Decides by `compared->values`, the least of the starts (at least 1) of each side, if they are as
 * good as exact; otherwise leaves it to the starts. */
void compared_conclude_counts(struct compared *compared, const struct starts *starts);

#endif
