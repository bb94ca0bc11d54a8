/* Has a server become worse? BASE and NEW side by side, and a second copy of BASE beside them.
 *
 * A block is one start of each of the three; in it they take slices in turns, first in a random
 * order and then in the reverse of it, so that whatever drifts meanwhile meets all alike. A block
 * gives one number per metric, the logarithm of NEW to BASE, and the rule of
 * results/measures/decision.h looks at these numbers after 6, 10, 16 and 24 blocks. The copy of
 * BASE shows what the machine makes of no change at all: where it finds one, only what holds
 * against the copy, too, stands.
 *
 * That number is the middle one of what neighbouring slices say: those that another program has
 * hit are far off, and the middle does not mind. But neither does it mind a NEW that pauses now and
 * then. So throughput and processor time of the whole block are looked at, too, when the rest is
 * decided: they can make NEW worse, and their noise cannot keep NEW from being the same.
 *
 * What can be counted is counted first, and needs no statistics: system calls. Memory is drawn anew
 * with every start, and decided last, from all of them: bench/compare/memory.h.
 */
#ifndef BENCH_COMPARE_COMPARISON_H
#define BENCH_COMPARE_COMPARISON_H

#include "bench/compare/compared.h"

/* Told after every block; may be NULL. */
typedef void comparison_progress_function(size_t blocks, double elapsed_s, void *context);

/* Compares. Release in every case. */
void comparison_run(struct comparison *comparison, const struct comparison_plan *plan,
                    comparison_progress_function *progress, void *context);
void comparison_release(struct comparison *comparison);

#endif
