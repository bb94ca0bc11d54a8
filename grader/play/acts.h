/* What a check does, in words that read as a play. */
#ifndef GRADER_PLAY_ACTS_H
#define GRADER_PLAY_ACTS_H

#include "grader/play/act.h"

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

/* The same with a new random line in the submission's protocol. */
void act_say_line(struct act *act, size_t player);

/* Such a line, as a text; the caller releases it. */
struct bytes act_choose_line(struct act *act);

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

/* The player enters, says a line and gets the answer; `who` and `hint` as act_await_answers() has
 * them. */
void act_serve(struct act *act, size_t player, const char *who, const char *hint);

/* The player asks for more than all buffers hold and reads nothing, until nothing moves. */
void act_flood(struct act *act, size_t player);

/* How many bytes of it the server has read, once nothing moves again. */
size_t act_flood_read_bytes(struct act *act, size_t player);

#endif
