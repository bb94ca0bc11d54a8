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

/* A program that a scene may start beside the submission. */
struct stage_program {
    const char *name;
    char *const *command; /* the caller's; NULL: it cannot be started */
};

/* A port that texts may name. */
struct named_port {
    const char *name;
    uint16_t port;
};

struct beside;

struct stage_plan {
    struct arena_plan arena;
    const struct conduct *conduct;
    int64_t patience_ns;
    const char *main_name; /* of the program that is started first, if several may be; or NULL */
    const struct stage_program *programs; /* in the order of arena.others */
    size_t program_count;
    const struct beside *besides; /* started before it */
    size_t beside_count;
    const struct named_port *ports;
    size_t port_count;
    const struct stage_plan *reference; /* the assignment's own solution, or NULL */
    const struct stage_plan *elsewhere; /* of such a one: on another port; NULL: it has only one */
    const char *material; /* our own copy of what the assignment gives the submission, or NULL */
    int (*renew)(const void *context); /* before each start, if not NULL: 0 or -errno */
    const void *renew_context;
    struct recorder *recorder;   /* of all that is seen (recorder.h), or NULL; the caller's */
    const char *seed;            /* of all tokens (token.h); NULL: none */
    const struct values *values; /* that were drawn for all checks, or NULL */
};

/* Where a submission ran, and what became of it. */
struct stage_run {
    enum isolation isolation; /* the lowest of all starts */
    size_t left_running;      /* processes that went on when it had ended; the most of all starts */
    struct arena_trouble trouble;
    char *text; /* what became of a program beside it, in words; or NULL */
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
    struct stage *reference;   /* on which that plan is played, when it is asked; or NULL */
    int64_t lets_nobody_go_ns; /* it has not closed those of clients that left, for so long; or 0 */
    struct stage_run run;
};

/* Starts the submission if need be, and makes so many players. OUTCOME_SEEN: it listens and rests;
 * another outcome: that of waiting for the listener; or -errno. */
int stage_enter(struct stage *stage, size_t players);

/* Ends the submission, a server, if it has not ended, and starts it once more in the same place;
 * the players stay. As stage_enter(). */
int stage_restart(struct stage *stage);

/* All players leave. */
void stage_clear(struct stage *stage);

/* Ends the submission; the next check begins with a fresh one. */
void stage_close(struct stage *stage);

#endif
