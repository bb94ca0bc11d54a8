/* How a client leaves, and how it is served before it does. */
#ifndef GRADER_PLAY_PARTINGS_H
#define GRADER_PLAY_PARTINGS_H

#include "grader/play/speaking.h"

/* The player ends its side of the connection and reads on; or resets the connection. */
void act_half_close(struct act *act, size_t player);
void act_reset(struct act *act, size_t player);

/* The player closes its socket, and reads no more. */
void act_close(struct act *act, size_t player);

/* The player sends the stop word, if there is one, and ends its side. */
void act_leave(struct act *act, size_t player);

/* The player sends the stop word; there must be one. */
void act_say_stop_word(struct act *act, size_t player);

/* The player enters, says a line and gets the answer; `who` and `hint` as for
 * act_await_answers(). */
void act_serve(struct act *act, size_t player, const char *who, const char *hint);

#endif
