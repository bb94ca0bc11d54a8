/* A check under way: what it has found, and how it waits for what must happen. */
#ifndef GRADER_PLAY_ACT_H
#define GRADER_PLAY_ACT_H

#include "grader/play/check.h"
#include "grader/play/stage.h"

struct assigned_check;
struct scene;

/* Actors that are not players: the user at the keyboard, and the submission. */
#define ACT_NOBODY     SIZE_MAX
#define ACT_SUBMISSION (SIZE_MAX - 1)

/* Once something has been found, every function of acts.h and answers.h returns at once, so that a
 * play need not check after each step. */
struct act {
    struct stage *stage;
    struct encounter *encounter; /* its `play` is this act */
    struct check_result *result;
    const struct assigned_check *assigned; /* the scene that is played, or NULL */
    size_t coming;                         /* the player that waits for a client to connect */
    struct scene *scene;                   /* under way, or NULL */
    const char *hint; /* what this check is about, where an answer is wrong or missing; or NULL */
    int error;        /* of ours: 0 or -errno */
    bool is_decided;
};

/* Decides the check; from then on the other acts do nothing. finding and hint are constants. */
void act_find(struct act *act, enum verdict verdict, const char *finding, const char *hint);

/* Has something been found, or has something of ours failed? */
bool act_is_over(const struct act *act);

/* Decides that the submission has reached a limit of its arena, if it has; and that it cannot be
 * inspected. */
void act_find_limit(struct act *act);
void act_find_unseen(struct act *act);

/* Decides that the port is ambiguous, if it listens on several and none was given. */
void act_find_port(struct act *act);

/* Waits until the predicate holds; true if it does. If not, the caller decides what that means,
 * except where the submission ended or cannot be inspected, or we failed ourselves. */
bool act_await(struct act *act, encounter_predicate *predicate);

/* Waits until no process of the submission is left; false if some remain. */
bool act_await_end(struct act *act);

/* Waits until all tasks sleep; some may have a timeout. */
void act_rest(struct act *act);

/* Waits until nothing more will happen by itself: timeouts are waited for, too. */
void act_settle(struct act *act);

/* For the timeline: who (a player's number, or one of those above) did or got what; `text` may be
 * NULL. Beyond a limit further deeds are dropped. */
void act_note_deed(struct act *act, size_t who, const char *deed, const struct bytes *text);

#endif
