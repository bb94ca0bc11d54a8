/* A check under way: what has been found, and waiting for what must come. */
#ifndef GRADER_PLAY_ACT_H
#define GRADER_PLAY_ACT_H

#include "grader/play/check.h"
#include "grader/play/stage.h"

struct assigned_check;
struct scene;

/* Who acts and is no player: the one at the keyboard, and the submission. */
#define ACT_NOBODY     SIZE_MAX
#define ACT_SUBMISSION (SIZE_MAX - 1)

/* Every function of acts.h and answers.h returns at once if something has been found already, so
 * that a play may be written without looking back after each step. */
struct act {
    struct stage *stage;
    struct encounter *encounter; /* its `play` is this act */
    struct check_result *result;
    const struct assigned_check *assigned; /* the scene that is played, or NULL */
    size_t coming;                         /* the player that a client is about to reach */
    struct scene *scene;                   /* under way, or NULL */
    const char *hint; /* what this check is about, where an answer is wrong or missing; or NULL */
    int error;        /* of ours: 0 or -errno */
    bool is_decided;
};

/* Finds: from now on the other acts do nothing. finding and hint are constants. */
void act_find(struct act *act, enum verdict verdict, const char *finding, const char *hint);

/* Has something been found, or has something of ours failed? */
bool act_is_over(const struct act *act);

/* Finds that it has reached a limit of its arena, if it has; and that it cannot be inspected. */
void act_find_limit(struct act *act);
void act_find_unseen(struct act *act);

/* Finds that nobody can know which port is meant, if it listens on several and none was named. */
void act_find_port(struct act *act);

/* Waits until the predicate holds; true if it does. What went wrong is left to the caller, but for
 * an end of the submission, which is found, and an error of ours. */
bool act_await(struct act *act, encounter_predicate *predicate);

/* Waits until no process of the submission is left; false: that did not come about. */
bool act_await_end(struct act *act);

/* Waits until all tasks sleep, some perhaps for a while only. */
void act_rest(struct act *act);

/* Waits until nothing more will happen by itself: who sleeps for a while is waited for. */
void act_settle(struct act *act);

/* For the picture of what was played: who (a player's number, or one of those above) did or got
 * what; `text` may be NULL. Not all of many deeds are kept. */
void act_note_deed(struct act *act, size_t who, const char *deed, const char *text);

#endif
