/* Suites by their names: where they lie, and which there are. */
#ifndef BENCH_SUITE_SUITE_FIND_H
#define BENCH_SUITE_SUITE_FIND_H

#include "bench/suite/suite.h"

/* Reads the suite `name`: one that ships, or a file. What it says nothing of is as in `usual`.
 * To be released in either case. 0; -EINVAL with a sentence that names file and line in `*trouble`,
 * which the caller frees. */
int suite_load(struct suite *suite, const char *name, const struct load_plan *usual,
               char **trouble);

/* Calls `visit` for each suite that ships, in the order of their names, until it returns other than
 * 0. That value, or 0. */
int suite_each(int visit(const char *name, const char *path, void *context), void *context);

#endif
