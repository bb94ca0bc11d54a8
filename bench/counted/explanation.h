/* Where a difference lies: the system calls by name, user against kernel. */
#ifndef BENCH_COUNTED_EXPLANATION_H
#define BENCH_COUNTED_EXPLANATION_H

#include "bench/counted/gate.h"

/* One system call per request, middle values over the layouts. */
struct call_difference {
    const char *name; /* the gate's */
    double base, new;
};

/* Those of either side, the largest difference first: a new array of `*count`, which the caller
 * frees. */
struct call_difference *gate_calls(const struct gate *gate, size_t *count);

/* Does it differ by more than the ends of a slice make? */
bool call_differs(const struct call_difference *call);

#endif
