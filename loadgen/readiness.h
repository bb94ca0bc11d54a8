/* Listening is not ready: a server may refuse what it is asked while it still loads its data. Is a
 * request answered as is expected? */
#ifndef LOADGEN_READINESS_H
#define LOADGEN_READINESS_H

#include "loadgen/plan/plan.h"

#include <stdint.h>

/* Is that to be asked before the load? Unless the plan says so itself: where a reply is expected
 * that a server may be able to give only later, a line or a page. */
bool readiness_is_awaited(const struct load_plan *plan);

enum answer {
    ANSWER_RIGHT,
    ANSWER_OTHER,   /* than the expected one */
    ANSWER_REFUSED, /* by an HTTP status that does not say that it is only too early (503) */
    ANSWER_NONE,    /* no connection, or no whole reply */
};

/* One request of one client, which then leaves. Unless the answer is right, `*came`, for the caller
 * to free, says what came instead, as a part of a sentence. */
enum answer readiness_try(const struct load_plan *plan, int64_t patience_ns, char **came);

#define READINESS_PAUSE_NS (10 * NS_PER_MS) /* to leave between two tries */

#endif
