/* What makes two runs unlike: the machine, how it was measured, and what load each cell is. What
 * only one document says counts as unlike, since it may be. The number of rounds does not count: it
 * only makes a spread narrower. */
#ifndef RESULTS_DOCUMENT_UNLIKE_H
#define RESULTS_DOCUMENT_UNLIKE_H

#include "results/document/run_document.h"

#include <stddef.h>

enum unlike_part { UNLIKE_MACHINE, UNLIKE_PLAN };

/* One thing that the two runs differ in. Owns its texts. */
struct unlike {
    enum unlike_part part;
    char *what; /* "kernel", "64 clients: size" */
    char *old;  /* for people */
    char *new;
};

/* All zero: none. */
struct unlike_list {
    struct unlike *entries;
    size_t count;
};

/* Adds everything that the machines, the plans and the loads differ in. */
void unlike_find(struct unlike_list *list, const struct run_document *old,
                 const struct run_document *new);
void unlike_release(struct unlike_list *list);

#endif
