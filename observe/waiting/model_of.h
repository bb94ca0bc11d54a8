/* Names the concurrency model of a server by what was seen of it. */
#ifndef OBSERVE_WAITING_MODEL_OF_H
#define OBSERVE_WAITING_MODEL_OF_H

#include "observe/descriptor.h"
#include "observe/waiting/models.h"
#include "observe/waiting/shape.h"

/* What happened to clients that had not been served. */
enum after { AFTER_NOBODY_SERVED, AFTER_NEXT_SERVED, AFTER_SPUN, AFTER_ENDED };

/* Three clients: while they were silent, and when all had spoken. */
struct visited {
    struct shape silent;
    struct shape spoken;
    bool is_served[SHAPE_CLIENTS_MAX];
    size_t served;   /* when they spoke, the others being silent or not served */
    size_t late;     /* when others had spoken, too */
    size_t closed;   /* by the server */
    size_t last;     /* the player that spoke last */
    bool has_failed; /* the server ended in trouble when that one had spoken */
};

struct findings {
    struct shape before; /* without clients */
    struct visited first;
    struct visited second; /* three others, in the other order */
    bool has_second;       /* they came */
    struct shared shared;
    enum after after;        /* the first had left, or was sent away */
    bool is_restless;        /* it never slept, with or without clients */
    bool has_new_waiter;     /* the task that waits for the first client was not there before it */
    bool has_reused_waiters; /* those that wait for the second visit were there before it */
    size_t workers;          /* tasks that ran whenever one spoke, though they wait for no client */
    size_t crowd;            /* further clients; 0: none came */
    size_t crowd_served;
    size_t most_held;                 /* connections that it had accepted, at one time */
    struct shape crowded;             /* with them */
    char program[PROGRAM_NAME_BYTES]; /* that holds the clients */
};

/* How many were served while all were connected. Where the server has closed connections, others
 * had their turn only then. */
size_t findings_count_served(const struct visited *visited);

/* Did a task of its own wait for each client? */
bool findings_show_tasks(const struct findings *findings);

/* The model, or MODEL_UNKNOWN if behaviour and evidence fit none, with its description in `*detail`
 * and a hint at a fault, or NULL, in `*hint`: both to be
 * freed. */
enum model model_of(const struct findings *findings, char **detail, char **hint);

#endif
