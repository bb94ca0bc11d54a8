/* What a check does, in words that read like a play. */
#ifndef GRADER_PLAY_ACTS_H
#define GRADER_PLAY_ACTS_H

#include "grader/play/act.h"

/* The player connects and is accepted, or will be when it speaks (TCP_DEFER_ACCEPT); or, for the
 * second, is accepted before it does; or, for the third, only connects. If that fails, the
 * submission has failed the check. */
void act_enter(struct act *act, size_t player);
void act_enter_silently(struct act *act, size_t player);
void act_connect(struct act *act, size_t player);

/* The player connects, and is accepted or not: both are all right, but one goes on only when it is
 * known. */
void act_come(struct act *act, size_t player);

/* The submission is a client, and connects to this player. */
void act_accept(struct act *act, size_t player);

/* `count` players from `first` on connect and wait to be accepted; never more at once than the
 * accept queue has room for. */
void act_connect_many(struct act *act, size_t first, size_t count);

/* The same without a pause in between, for no more than the accept queue has room for; that some
 * are not accepted is for the caller to find. */
void act_connect_at_once(struct act *act, size_t first, size_t count);

/* The player sends the protocol's greeting, if there is one and it has not done so, and waits for
 * the answer. */
void act_greet(struct act *act, size_t player);

/* The player greets, sends the message, and expects its answer. */
void act_say(struct act *act, size_t player, const struct message *message);

/* The same with a new random message in the submission's protocol. */
void act_say_line(struct act *act, size_t player);

/* The same of one whose protocol may want a greeting first: the greeting alone then, and its answer is
 * what is expected. */
void act_say_first(struct act *act, size_t player);

/* Adds such a message to `message`; the caller releases it. */
void act_choose_message(struct act *act, struct message *message);

/* The player ends its side of the connection and reads on; or resets the connection. */
void act_half_close(struct act *act, size_t player);
void act_reset(struct act *act, size_t player);

/* The player closes its socket, and reads no more. */
void act_close(struct act *act, size_t player);

/* The player sends the stop word, if there is one, and ends its side. */
void act_leave(struct act *act, size_t player);

/* The user presses Enter. */
void act_press_enter(struct act *act);

/* The player sends the stop word; there must be one. */
void act_say_stop_word(struct act *act, size_t player);

/* The player sends bytes and expects no answer; the second function does not note the deed. */
void act_say_silently(struct act *act, size_t player, const char *data, size_t count);
void act_say_bytes(struct act *act, size_t player, const char *data, size_t count);

/* The player enters, says a line and gets the answer; `who` and `hint` as for
 * act_await_answers(). */
void act_serve(struct act *act, size_t player, const char *who, const char *hint);

/* The player sends more than all buffers hold and reads nothing; waits until nothing moves. False
 * if that was not seen. */
bool act_flood(struct act *act, size_t player);

/* How many bytes of it the server has read, once nothing moves again. */
size_t act_flood_read_bytes(struct act *act, size_t player);

#endif
