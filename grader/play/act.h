/* A check under way: what it has found, and how it waits for what must happen. */
#ifndef GRADER_PLAY_ACT_H
#define GRADER_PLAY_ACT_H

#include "grader/play/await.h"
#include "grader/play/check.h"
#include "grader/play/stage.h"

struct assigned_check;
struct duet;
struct scene;

/* Actors that are not players: the user at the keyboard, and the submission. */
#define ACT_NOBODY     SIZE_MAX
#define ACT_SUBMISSION (SIZE_MAX - 1)

/* And the programs that were started beside it: a run of the arena, or ARENA_SUBMISSION. */
#define ACT_FIRST_RUN (SIZE_MAX / 2)
size_t act_actor_of_run(size_t run);

/* Once something has been found, every function of acts.h and answers.h returns at once, so that a
 * play need not check after each step. */
struct act {
    struct stage *stage;
    struct encounter *encounter; /* its `play` is this act */
    struct check_result *result;
    const struct assigned_check *assigned; /* the scene that is played, or NULL */
    size_t coming;                         /* the player that waits for a client to connect */
    struct scene *scene;                   /* under way, or NULL */
    struct duet *duet;                     /* likewise */
    const char
        *unanswered; /* the finding and the hint if a greeting is not answered; NULL: as it is */
    const char *unanswered_hint;
    const char *hint; /* what this check is about, where an answer is wrong or missing; or NULL */
    char host[ADDRESS_TEXT_BYTES]; /* the server's, as clients name it */
    int error;                     /* of ours: 0 or -errno */
    bool may_end;                  /* that the submission ends costs other checks, not this one */
    bool is_decided;
    struct claim {
        enum ground ground;
        int64_t within_ns;
    } latest, weakest; /* what did not come in the latest wait; the weakest so far */
};

/* Decides the check; from then on the other acts do nothing. finding and hint are constants. */
void act_find(struct act *act, enum verdict verdict, const char *finding, const char *hint);

/* How its clients speak. */
const struct play_protocol *act_protocol(const struct act *act);

/* Has something been found, or has something of ours failed? */
bool act_is_over(const struct act *act);

/* Decides that the submission has reached a limit of its arena, if it has; and that it is stopped
 * for good, or cannot be inspected. */
void act_find_limit(struct act *act);
void act_find_unseen(struct act *act);

/* Decides that the port is ambiguous, if it listens on several and none was given. */
void act_find_port(struct act *act);

/* Over UDP: decides that the datagram which the player has got comes from elsewhere than its own
 * went to; and that none came, with `finding` and `hint` where nothing tells more. */
void act_find_stranger(struct act *act, const struct player *player);
void act_find_no_datagram(struct act *act, const struct player *player, const char *finding,
                          const char *hint);

/* Waits until the predicate holds; true if it does. If not, the caller decides what that means,
 * except where the submission ended or cannot be inspected, or we failed ourselves. For what can be
 * waited, and `is_queued`: await.h. */
bool act_await_reaction(struct act *act, encounter_predicate *predicate,
                        encounter_predicate *is_queued);
bool act_await_deed(struct act *act, encounter_predicate *predicate);
bool act_await_silence(struct act *act, encounter_predicate *predicate);

/* The same for a reaction that some check has already found missing by the clock, if it has: one
 * cause is waited for once. */
bool act_await_let_go(struct act *act, encounter_predicate *predicate);

/* Waits until no process of the submission is left; false if some remain. */
bool act_await_end(struct act *act);

/* Takes the outcome of a wait from which nothing is claimed: only the end, what cannot be
 * inspected, and errors matter. Returns it. */
int act_go_on(struct act *act, int outcome);

/* Waits until all tasks sleep, or for a while if they never do: nothing is claimed. */
void act_rest(struct act *act);

/* The same, and what its tasks do by themselves within a while is waited for, too. */
void act_settle(struct act *act);

/* Lets time pass, by the clock. */
void act_wait(struct act *act, int64_t time_ns);

/* What is found next, or passes, rests on the clock: not within so long; 0: no such time. */
void act_note_time(struct act *act, int64_t within_ns);

/* Does it use the processor on and on though there is nothing to do? */
bool act_is_spinning(struct act *act);

/* What is found next rests on this outcome of a wait; errors are noted, too. */
void act_note_outcome(struct act *act, int outcome);

/* What is found next rests on the submission standing still as the latest look shows it. */
void act_note_standstill(struct act *act);

/* What is found next was seen to be so, whatever was waited for before. */
void act_has_seen(struct act *act);

/* For the timeline: who (a player's number, or one of those above) did or got what; `text` may be
 * NULL. Beyond a limit further deeds are dropped. */
void act_note_deed(struct act *act, size_t who, const char *deed, const struct bytes *text);

#endif
