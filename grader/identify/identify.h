/* Which concurrency model is this, and how do we know?
 *
 * Three clients connect, stay silent, and then speak one after the other, the last one first; they
 * leave, three others come, and speak in the order in which they came. What was served meanwhile is
 * the behaviour; who had accepted and held each connection, and in which call its task slept, is
 * the evidence. A model is named only where the two agree: an epoll descriptor that watches no
 * client, or threads that serve none, prove nothing.
 */
#ifndef GRADER_IDENTIFY_IDENTIFY_H
#define GRADER_IDENTIFY_IDENTIFY_H

#include "grader/arena/arena.h"
#include "grader/play/verdict.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

struct identify_plan {
    struct arena_plan arena;
    uint16_t port; /* the one it must listen on; 0: whichever it does */
    int64_t patience_ns;
};

struct identification {
    enum isolation isolation;
    const char *model; /* "sequential", "epoll" …; NULL: none could be named */
    char *detail;      /* in words; owned */
    json_t *because;   /* array of rows with "text"; owned */
    enum decided_by decided_by;
    int64_t start_ns;    /* until it listened */
    int64_t identify_ns; /* from then on */
};

/* Identifies. 0, or -errno with the trouble. identification_release() in every case. */
int identify_run(struct identification *identification, const struct identify_plan *plan,
                 struct arena_trouble *trouble);

/* The document; the caller owns it. And for people. */
json_t *identification_describe(const struct identification *identification,
                                const struct identify_plan *plan);
void identification_print(FILE *stream, const struct identification *identification,
                          const struct identify_plan *plan);

void identification_release(struct identification *identification);

#endif
