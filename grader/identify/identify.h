/* Which concurrency model is this, and how do we know?
 *
 * Three clients connect, stay silent, and then speak one after the other, the last one first; where
 * each has a task of its own thirty more join them; they leave, three others come, and speak in the
 * order in which they came. Who was served meanwhile is the behaviour; who had accepted and held
 * each connection, in which call its task slept, and whether that task was new is the evidence. A
 * model is named only where the two agree: an epoll descriptor that watches no client, or threads
 * that serve none, prove nothing.
 */
#ifndef GRADER_IDENTIFY_IDENTIFY_H
#define GRADER_IDENTIFY_IDENTIFY_H

#include "grader/play/stage.h"
#include "grader/play/verdict.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

struct identification {
    enum isolation isolation;
    const char *model; /* "sequential", "epoll" …; NULL: none could be named */
    char *detail;      /* in words; owned */
    char *hint;        /* at a fault that the play has shown, in words, or NULL; owned */
    json_t *because;   /* array of rows with "text"; owned */
    enum ground ground;
    int64_t start_ns;    /* until it listened */
    int64_t identify_ns; /* from then on */
};

/* Of plan->conduct only the port is used. `is_restless`: it was started before, and did not come to
 * rest; that is not waited for again. 0, or -errno with the trouble.
 * identification_release() in every case. */
int identify_run(struct identification *identification, const struct stage_plan *plan,
                 struct token_source tokens, bool is_restless, struct arena_trouble *trouble);

/* The document, which the caller owns; and the same for people. */
json_t *identification_describe(const struct identification *identification, char *const *command);
void identification_print(FILE *stream, const struct identification *identification,
                          char *const *command);

void identification_release(struct identification *identification);

#endif
