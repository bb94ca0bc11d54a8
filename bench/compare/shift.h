/* What a block of a comparison says: one number per metric. */
#ifndef BENCH_COMPARE_SHIFT_H
#define BENCH_COMPARE_SHIFT_H

#include "bench/compare/compared.h"

/* Makes numbers of the slices of the block under way, and keeps them. */
void comparison_note_block(struct comparison *comparison);

/* The same of a block in which the machine was too busy to time a load: only the processor time,
 * which is what the scheduler has given the servers, however long they waited for it. */
void comparison_note_busy_block(struct comparison *comparison);

#endif
