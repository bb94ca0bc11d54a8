/* A submission that is played with, check after check.
 *
 * It is started once and stays, as long as it lives and listens and holds on to nobody who has
 * left; otherwise the next check gets a fresh one, so that what one check broke costs no other.
 */
#ifndef GRADER_PLAY_STAGE_H
#define GRADER_PLAY_STAGE_H

#include "grader/play/check.h"
#include "grader/play/encounter.h"
#include "grader/play/protocol.h"

/* When a server may end by itself. */
#define ENDS_WHEN_FIRST "first-client"
#define ENDS_WHEN_LAST  "last-client"
#define ENDS_WHEN_ENTER "enter"

struct stage_plan {
    struct arena_plan arena;
    struct play_protocol protocol;
    const char *stop_word; /* that ends a client's session, or NULL */
    const char *model;     /* the one expected, or NULL */
    const char *ends_when; /* ENDS_WHEN_FIRST and so on, or NULL: only when it is told to */
    uint16_t port;         /* the one it must listen on; 0: whichever it does */
    bool is_client;        /* it connects to that port, where we listen */
    char *const *typed;    /* at the keyboard, when it starts; up to a NULL */
    bool closes_keyboard;  /* then: there is nothing more to be read */
    int64_t patience_ns;
};

struct stage {
    const struct stage_plan *plan;
    struct encounter encounter;
    bool is_open;
    enum isolation isolation;
    size_t left_running; /* processes that went on when it had ended; the most of all starts */
    struct arena_trouble trouble;
};

void stage_init(struct stage *stage, const struct stage_plan *plan);
void stage_release(struct stage *stage);

/* A submission that listens and rests, and so many players. An outcome: OUTCOME_SEEN, or that with
 * which waiting for the listener ended; or -errno. */
int stage_enter(struct stage *stage, size_t players);

/* Everybody leaves. */
void stage_clear(struct stage *stage);

/* Ends the submission; the next check begins with a fresh one. */
void stage_close(struct stage *stage);

#endif
