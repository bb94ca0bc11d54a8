/* A whole bench: one cell after the other, into one run document that grows with each of them. */
#ifndef BENCH_SUITE_CAMPAIGN_H
#define BENCH_SUITE_CAMPAIGN_H

#include "bench/rounds.h"

#include <jansson.h>
#include <stdio.h>

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

/* The name of the cell that a part of the document is of; "" if it has none. */
const char *campaign_cell_of(const json_t *entry);

/* One cell of the document as a table, with what may be said of the best. */
void campaign_print_cell(FILE *stream, const json_t *document, const char *cell);

#endif
