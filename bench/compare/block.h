/* A block of a comparison: one start of each server, loaded in turns. */
#ifndef BENCH_COMPARE_BLOCK_H
#define BENCH_COMPARE_BLOCK_H

#include "bench/compare/compared.h"

/* Starts the servers, loads them in turns and stops them. Notes the block, unless the machine was
 * too busy to measure. */
void comparison_run_block(struct comparison *comparison);

/* Between two blocks, where all that works is others' doing: waits until less of the processors is
 * taken than would keep a block from counting, until then at most. */
void comparison_await_quiet(struct comparison *comparison, int64_t until_ns);

/* Starts the servers, warms them up and stops them, only to weigh them. */
void comparison_run_start(struct comparison *comparison);

/* Why the block under way does not count, a constant, or NULL; `foreign` is the share of the
 * processors that other programs took. Where the machine is not to blame, a NEW that answered
 * nothing is in trouble. */
const char *comparison_reason_to_drop(struct comparison *comparison, double foreign);

#endif
