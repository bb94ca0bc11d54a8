/* A bench as a file: which cells, how often, how long. */
#ifndef BENCH_SUITE_SUITE_H
#define BENCH_SUITE_SUITE_H

#include "bench/cell.h"

#include <stddef.h>

#define SUITE_REPETITIONS_MAX 4096 /* as many as can be ranked */

struct suite_source;

struct suite {
    char *name;         /* of the file, without folder and ending; owned, as what follows */
    char **models;      /* NULL-terminated; NULL: all that run here */
    char *models_place; /* file and line of them */
    unsigned rounds;
    unsigned repetitions;
    int64_t slice_ns;
    struct cell *cells;
    size_t count;
};

/* Makes a suite of what was read of a file (suite_file.h), which stays the caller's; `path` gives
 * it its name. What it says nothing of is as in `usual`. To be released in either case. 0; -EINVAL
 * with a sentence that names file and line in `*trouble`, which the caller frees. */
int suite_take(struct suite *suite, struct suite_source *source, const char *path,
               const struct load_plan *usual, char **trouble);

void suite_release(struct suite *suite);

#endif
