/* A whole bench: one cell after the other, into one run document that grows with each of them. */
#ifndef BENCH_SUITE_CAMPAIGN_H
#define BENCH_SUITE_CAMPAIGN_H

#include "bench/rounds.h"

#include <jansson.h>
#include <stdbool.h>

struct campaign_plan {
    struct bench_plan bench;
    const struct cell *cells;
    size_t count;
    const char *suite;     /* its name, or NULL */
    const char *reference; /* the contender that others are ranked against, if it is there */
};

/* What is told of a campaign under way. */
struct campaign_watch {
    bench_progress_function *progress; /* of all cells together; may be NULL */

    /* A cell is done, or cut; the document holds it. May be NULL. */
    void (*cell_done)(const json_t *document, const char *cell, void *context);

    void *context;
};

/* Measures all cells that `earlier`, an unfinished document of the same plan or NULL, does not hold
 * whole already. The document; the caller owns it. */
json_t *campaign_run(const struct campaign_plan *plan, const json_t *earlier,
                     const struct campaign_watch *watch);

/* Can a campaign go on where this document ends? 0, or -EINVAL with the reason in `*reason`, a
 * sentence that the caller frees. */
int campaign_check_earlier(const struct campaign_plan *plan, const json_t *earlier, char **reason);

/* Had no server any trouble? */
bool campaign_is_sound(const json_t *document);

/* A new array of what a part of the document ("results", "slices", "rankings") holds of this cell;
 * the caller owns it. */
json_t *campaign_entries(const json_t *document, const char *part, const char *cell);

/* Were there not descriptors enough in this cell to load all servers at once? */
bool campaign_is_in_turn(const json_t *document, const char *cell);

#endif
