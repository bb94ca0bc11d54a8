/* What a check does and waits for, in words that read as a play. */
#ifndef GRADER_PLAY_ACTS_H
#define GRADER_PLAY_ACTS_H

#include "grader/play/stage.h"

#include <stdint.h>

struct assigned_check;
struct awaited;

/* Who acts and is no player: the one at the keyboard, and the submission. */
#define ACT_NOBODY     SIZE_MAX
#define ACT_SUBMISSION (SIZE_MAX - 1)

/* A check under way. Every function below returns at once with 0 if something has been found
 * already, so that a play may be written without looking back after each step. */
struct act {
    struct stage *stage;
    struct encounter *encounter;
    struct check_result *result;
    struct part *parts;                    /* one for each player */
    const struct assigned_check *assigned; /* the scene that is played, or NULL */
    size_t coming;                         /* the player whom a client is to come to */
    struct awaited *awaited;               /* what one of its steps waits for */
    const char *hint; /* what this check is about, where an answer is wrong or missing; or NULL */
    int error;        /* of ours: 0 or -errno */
    bool is_decided;
};

/* What a player must get. */
struct part {
    struct bytes said;
    struct bytes expected;
    size_t noted_bytes; /* of `expected`, for the picture */
    bool has_greeted;
};

/* Finds: from now on the other acts do nothing. finding and hint are constants. */
void act_find(struct act *act, enum verdict verdict, const char *finding, const char *hint);

/* Has something been found, or has something of ours failed? */
bool act_is_over(const struct act *act);

/* The player connects and is accepted; or, for the second, only connects. What comes in between is
 * a failure of the submission, and found. */
void act_enter(struct act *act, size_t player);
void act_connect(struct act *act, size_t player);

/* A submission that is a client comes to this player. */
void act_accept(struct act *act, size_t player);

/* So many players from `first` on connect, and are accepted or wait; never more at once than the
 * accept queue has room for. */
void act_connect_many(struct act *act, size_t first, size_t count);

/* The player says a line, or a part of one, and is to get the answer to what has become a line. */
void act_say(struct act *act, size_t player, const char *text);

/* The player ends its side of the connection, and reads on; or breaks it off. */
void act_half_close(struct act *act, size_t player);
void act_reset(struct act *act, size_t player);

/* The player closes: it reads no more either. */
void act_close(struct act *act, size_t player);

/* The player leaves as clients of this server do: with the stop word, if there is one. */
void act_leave(struct act *act, size_t player);

/* Expects nothing for what is said. */
void act_say_silently(struct act *act, size_t player, const char *text);
void act_say_bytes(struct act *act, size_t player, const char *data, size_t count);

/* Everybody who is owed an answer gets it, whole and nothing else; `who` and `hint` are for the
 * case that not. */
void act_await_answers(struct act *act, const char *who, const char *hint);

/* The player enters, says a line and gets the answer. */
void act_serve(struct act *act, size_t player, const char *who, const char *hint);

/* Once more, as more may have come since: is it still right? */
void act_compare_answers(struct act *act);

/* Waits until the predicate holds; true if it does. What went wrong is left to the caller, but for
 * an end of the submission, which is found, and an error of ours. */
bool act_await(struct act *act, encounter_predicate *predicate);

/* Waits until no process of the submission is left; false: that did not come about. */
bool act_await_end(struct act *act);

/* For the picture of what was played: who (a player's number, or one of those above) did or got
 * what; `text` may be NULL. Not all of many deeds are kept. */
void act_note_deed(struct act *act, size_t who, const char *deed, const char *text);

/* The player asks for more than all buffers hold and reads nothing, until nothing moves. */
void act_flood(struct act *act, size_t player);

/* How many bytes of it the server has read, once nothing moves again. */
size_t act_flood_read_bytes(struct act *act, size_t player);

/* Waits until all tasks sleep, some perhaps for a while only. */
void act_rest(struct act *act);

/* Waits until nothing more will happen by itself: who sleeps for a while is waited for. */
void act_settle(struct act *act);

/* A new random thing to say in the submission's protocol: valid until the next but fifteen. */
const char *act_line(const struct act *act);

/* Is the player's answer complete? */
bool act_is_answered(const struct act *act, size_t player);

#endif
