/* What a check does, in words that read like a play. */
#ifndef GRADER_PLAY_ACTS_H
#define GRADER_PLAY_ACTS_H

#include "grader/play/act.h"

/* The player connects and is accepted, or will be when it speaks (TCP_DEFER_ACCEPT); or, for the
 * second, is accepted before it does; or, for the third, only connects. If that fails, the submission
 * has failed the check. */
void act_enter(struct act *act, size_t player);
void act_enter_silently(struct act *act, size_t player);
void act_connect(struct act *act, size_t player);

/* The submission is a client, and connects to this player. */
void act_accept(struct act *act, size_t player);

/* `count` players from `first` on connect and wait to be accepted; never more at once than the
 * accept queue has room for. */
void act_connect_many(struct act *act, size_t first, size_t count);

/* The player sends text, and expects the answer to each of its lines. */
void act_say(struct act *act, size_t player, const char *text);

/* The same with a new random line in the submission's protocol. */
void act_say_line(struct act *act, size_t player);

/* Such a line, as a text; the caller releases it. */
struct bytes act_choose_line(struct act *act);

/* The player ends its side of the connection and reads on; or resets the connection. */
void act_half_close(struct act *act, size_t player);
void act_reset(struct act *act, size_t player);

/* The player closes its socket, and reads no more. */
void act_close(struct act *act, size_t player);

/* The player sends the stop word, if there is one, and ends its side. */
void act_leave(struct act *act, size_t player);

/* The same, but expects no answer. */
void act_say_silently(struct act *act, size_t player, const char *text);
void act_say_bytes(struct act *act, size_t player, const char *data, size_t count);

/* The player enters, says a line and gets the answer; `who` and `hint` as for
 * act_await_answers(). */
void act_serve(struct act *act, size_t player, const char *who, const char *hint);

/* The player sends more than all buffers hold and reads nothing; waits until nothing moves. */
void act_flood(struct act *act, size_t player);

/* How many bytes of it the server has read, once nothing moves again. */
size_t act_flood_read_bytes(struct act *act, size_t player);

#endif
