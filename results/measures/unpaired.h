/* What a change of a server costs, from starts that have no partner: as many of each version as
 * there are, in any order. What is drawn anew with each start and then stays, as memory, scatters
 * from start to start whatever the machine does, so that pairs would tell nothing more, and all
 * starts of one version count together. */
#ifndef RESULTS_MEASURES_UNPAIRED_H
#define RESULTS_MEASURES_UNPAIRED_H

#include "results/measures/paired.h"

#define UNPAIRED_STARTS_MAX 192 /* of both versions together */

/* By how much `later` is more than `base`, in their own unit: Hodges and Lehmann's estimate, the
 * median of all differences of one of each, with an interval of at least `confidence` where the
 * starts are enough for it. Nothing is supposed of the values but that those of one version scatter
 * as those of the other do. Both counts at least 1, all values finite. */
struct paired_estimate unpaired_estimate(const double *base, size_t base_count, const double *later,
                                         size_t later_count, double confidence);

#endif
