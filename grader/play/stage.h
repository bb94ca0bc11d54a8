/* A submission that one check after another is played on.
 *
 * It is started once and stays as long as it runs, listens, comes to rest and closes the
 * connections of clients that have left; otherwise the next check gets a fresh one, so that what
 * one check broke costs no other.
 */
#ifndef GRADER_PLAY_STAGE_H
#define GRADER_PLAY_STAGE_H

#include "grader/play/conduct.h"
#include "grader/play/encounter.h"
#include "grader/protocols/token.h"

struct stage_plan {
    struct arena_plan arena;
    const struct conduct *conduct;
    int64_t patience_ns;
    const char *seed; /* of all tokens (token.h); NULL: none */
};

/* Where a submission ran, and what became of it. */
struct stage_run {
    enum isolation isolation; /* the lowest of all starts */
    size_t left_running;      /* processes that went on when it had ended; the most of all starts */
    struct arena_trouble trouble;
};

/* All zero at first but for the plan; stage_close() in the end. */
struct stage {
    const struct stage_plan *plan;
    struct encounter encounter;
    struct token_source tokens; /* of the check under way */
    bool is_open;
    unsigned met;              /* how many checks have met the submission since it was started */
    bool starts_restless;      /* it does not come to rest even before any client comes */
    bool grows_restless;       /* it did not come to rest once clients had come */
    int64_t lets_nobody_go_ns; /* it has not closed those of clients that left, for so long; or 0 */
    struct stage_run run;
};

/* Starts the submission if need be, and makes so many players. OUTCOME_SEEN: it listens and rests;
 * another outcome: that of waiting for the listener; or -errno. */
int stage_enter(struct stage *stage, size_t players);

/* Ends the submission, a server, if it has not ended, and starts it once more in the same place; the
 * players stay. As stage_enter(). */
int stage_restart(struct stage *stage);

/* All players leave. */
void stage_clear(struct stage *stage);

/* Ends the submission; the next check begins with a fresh one. */
void stage_close(struct stage *stage);

#endif
