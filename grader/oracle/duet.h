/* Conversations played on the reference and on the submission: do both answer alike?
 *
 * After each step it is waited until all rests. A conversation needs fresh connections, and not a
 * fresh program: both stay, and both have then played the same before.
 */
#ifndef GRADER_ORACLE_DUET_H
#define GRADER_ORACLE_DUET_H

#include "grader/oracle/conversation.h"
#include "grader/oracle/likeness.h"
#include "grader/play/act.h"

/* So many are played together at most. */
#define CONVERSATIONS_MAX ((size_t)16)

/* What each client of the reference had got after each step. */
struct recording {
    struct got *after; /* for each step the clients in their order */
    size_t steps;
    size_t clients;
};

struct duet {
    struct act *act; /* the check under way */
    struct likeness likeness;
    bool waits; /* the reference is given time after each step, and not only rest */
    const struct recording *recording; /* that is compared with */
    size_t step;                       /* of it, from 0 */
};

/* Plays it on the reference. 0, or a negative number where act->error is set; recording_release()
 * in either case. */
int duet_record(struct duet *duet, const struct conversation *conversation,
                struct recording *recording);
void recording_release(struct recording *recording);

/* Are two recordings of one conversation alike? */
bool recording_is_same(const struct likeness *likeness, const struct recording *one,
                       const struct recording *other);

/* What becomes of the submission: where it is not ALIKE the rest is not played. */
struct outcome_of_duet {
    bool is_unlike;
    size_t client; /* whose answer it is, where the submission has not ended */
};

/* Plays it on the submission, by `act` (the check's, or another on the same stage), and compares.
 * If it ends, or cannot be asked, act_find() was called. */
struct outcome_of_duet duet_compare(struct duet *duet, struct act *act,
                                    const struct conversation *conversation,
                                    const struct recording *recording);

/* Both at the same time, with a result that nobody sees; `count` conversations together, each with
 * clients of its own, step by step. 1: they part; 0: they do not; negative: act->error. What the
 * submission has done to itself is mended: it is started anew, and the reference with it. */
int duet_try(struct duet *duet, const struct conversation *conversations, size_t count);

/* Both are started anew. 0, or negative: the check is decided, or act->error is set. */
int duet_begin_afresh(struct duet *duet);

#endif
