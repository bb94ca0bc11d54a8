/* Watches a target, and shows what is seen: as lines, as tables of netstat, as a recording, or on a
 * full screen.
 *
 * Looks come at a rate; where they would cost more of a processor than they may, fewer are taken,
 * and that is said. Nothing is asked of the target itself.
 */
#ifndef WATCH_WATCH_H
#define WATCH_WATCH_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct watched;

enum watch_output { WATCH_LINES, WATCH_NETSTAT, WATCH_JSON, WATCH_SCREEN };

struct watch_plan {
    struct watched *target;
    enum watch_output output;
    int64_t interval_ns;  /* between two looks */
    double most_share;    /* of one processor, that looking may take; 0: as many tasks need */
    FILE *record;         /* a recording is written there, too; or NULL */
    bool until_settled;   /* ends once all sleep and nothing has changed for a while */
    size_t until_clients; /* ends once so many are there at the same time; 0: not */
    const volatile sig_atomic_t *is_stopped;
};

/* Looks until what the plan names, until the target has ended, or until it is stopped. 0 or
 * -errno. */
int watch_run(const struct watch_plan *plan);

#endif
