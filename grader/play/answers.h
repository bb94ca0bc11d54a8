/* Is everybody answered, and rightly? And if not, what is there to be said of it? */
#ifndef GRADER_PLAY_ANSWERS_H
#define GRADER_PLAY_ANSWERS_H

#include "grader/play/act.h"

/* Everybody who is owed an answer gets it, whole and nothing else; `who` and `hint` are for the
 * case that not. */
void act_await_answers(struct act *act, const char *who, const char *hint);

/* Once more, as more may have come since: is it still right? */
void act_compare_answers(struct act *act);

/* Is the player's answer complete? */
bool act_is_answered(const struct act *act, size_t player);

#endif
