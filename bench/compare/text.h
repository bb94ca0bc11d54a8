/* A comparison for people. */
#ifndef BENCH_COMPARE_TEXT_H
#define BENCH_COMPARE_TEXT_H

#include "bench/compare/comparison_run.h"

#include <stdio.h>

/* The verdict in words, a table, and with `explains` the arithmetic behind each. */
void comparison_print(FILE *stream, const struct comparison *comparison,
                      const struct comparison_plan *plan, bool explains);

#endif
