/* What makes two runs unlike: the machine, how it was measured, and what load each cell is. What
 * one document says and the other does not counts as unlike, as nobody knows. How many rounds there
 * were does not: they make a spread narrower and nothing else. */
#ifndef RESULTS_DOCUMENT_UNLIKE_H
#define RESULTS_DOCUMENT_UNLIKE_H

#include "results/document/run_document.h"

#include <stddef.h>

enum unlike_part { UNLIKE_MACHINE, UNLIKE_PLAN };

/* In what the two runs were unlike. Owns its texts. */
struct unlike {
    enum unlike_part part;
    char *what; /* "kernel", "64 clients: size" */
    char *old;  /* for people */
    char *new;
};

/* All zero: in nothing. */
struct unlike_list {
    struct unlike *entries;
    size_t count;
};

/* Adds all that the machines, the plans and the loads are unlike in. */
void unlike_find(struct unlike_list *list, const struct run_document *old,
                 const struct run_document *new);
void unlike_release(struct unlike_list *list);

#endif
