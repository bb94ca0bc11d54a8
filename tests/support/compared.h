/* A comparison of three sides whose slices stand as they might have been measured: nothing is
 * run. */
#ifndef TESTS_SUPPORT_COMPARED_H
#define TESTS_SUPPORT_COMPARED_H

#include "bench/compare/verdict.h"

#define BLOCKS 6
#define SLICES 20

extern struct comparison comparison;
extern struct bench_row rows[SIDES];

/* Each side answers 1000 requests a second in 100 us for 5 us, in all slices of a block. */
void compared_begin(void);
void compared_end(void);

/* Of a metric, between the latest block of NEW and of BASE. */
double shift_of_new(enum metric metric);

#endif
