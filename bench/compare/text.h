/* A comparison for people. */
#ifndef BENCH_COMPARE_TEXT_H
#define BENCH_COMPARE_TEXT_H

#include "bench/compare/compared.h"

#include <stdio.h>

/* The verdict in words, a table, and with `explains` the arithmetic behind each. */
void comparison_print(FILE *stream, const struct comparison *comparison, bool explains);

#endif
