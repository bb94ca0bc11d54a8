/* One combination that a bench measures: so many clients, who load the servers in this way. */
#ifndef BENCH_CELL_H
#define BENCH_CELL_H

#include "loadgen/load.h"

#include <jansson.h>

struct cell {
    char *name;            /* owned; says all that is not as usual, and so differs from others */
    struct load_plan load; /* its address is filled in per server */
};

/* Gives it its name. To be released. */
void cell_init(struct cell *cell, const struct load_plan *load);
void cell_release(struct cell *cell);

/* How many descriptors such a load needs. */
size_t cell_descriptors(const struct cell *cell);

/* A new object: what a load says of it, and its name. The caller owns it. */
json_t *cell_describe(const struct cell *cell);

#endif
