/* Has every client got its answer, and the right one? If not, what is the finding? */
#ifndef GRADER_PLAY_ANSWERS_H
#define GRADER_PLAY_ANSWERS_H

#include "grader/play/act.h"

/* Every player that expects an answer must get it, in full and nothing else; `who` and `hint` are
 * the finding and the hint if it gets none. */
void act_await_answers(struct act *act, const char *who, const char *hint);

/* Compares once more, as more may have come since. */
void act_compare_answers(struct act *act);

/* Is the player's answer complete? */
bool act_is_answered(struct act *act, size_t player);

/* Notes what the player expects next, or what is wrong with what came. */
void act_note_awaited(struct act *act, const struct player *player);

/* Takes what has come as all that comes for now: what the player expects next begins behind it. */
void act_take_answers(struct act *act, size_t player);

/* The player waits for nothing any more, and whatever comes is all right. */
void act_forget_answers(struct act *act, size_t player);

#endif
