/* What a server spends on a load: per request, and per connection. Its figures do not depend on how
 * busy the machine is otherwise, but for the processor time. */
#ifndef OBSERVE_SERVER_COST_H
#define OBSERVE_SERVER_COST_H

#include "observe/event_counter.h"
#include "observe/usage.h"

#include <jansson.h>
#include <stdio.h>

enum cost {
    COST_CPU, /* per request, in us */
    COST_SWITCHES,
    COST_SYSCALLS,
    COST_MEMORY, /* per connection, in bytes */
    COSTS,
};

struct server_cost {
    double of[COSTS];
    const char *missing[COSTS]; /* why it could not be measured, or NULL */
    bool has_ended;             /* the process, during the load: nothing is known then */
};

struct server_meter {
    pid_t pid;
    struct usage idle; /* before any client */
    struct usage begin;
    uint64_t syscalls_begin;
    struct event_counter syscalls;
    const char *no_syscalls;
};

/* Call it before the clients connect. 0, or -ESRCH if the process does not exist. */
int server_meter_open(struct server_meter *meter, pid_t pid);

/* Just before and just after the load; the clients are still connected. */
void server_meter_begin(struct server_meter *meter);
void server_meter_end(struct server_meter *meter, uint64_t requests, unsigned connections,
                      struct server_cost *cost);

void server_meter_close(struct server_meter *meter);

/* A new object; what could not be measured is null, with the reason beside it. */
json_t *server_cost_describe(const struct server_cost *cost);

void server_cost_print(FILE *stream, const struct server_cost *cost);

#endif
