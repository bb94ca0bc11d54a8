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

/* The player listens on this port, and the submission may connect to it: act_accept() then. */
void act_listen(struct act *act, size_t player, uint16_t port);

/* `count` players from `first` on connect and wait to be accepted; never more at once than the
 * accept queue has room for. */
void act_connect_many(struct act *act, size_t first, size_t count);

/* The same without a pause in between, for no more than the accept queue has room for; that some
 * are not accepted is for the caller to find. */
void act_connect_at_once(struct act *act, size_t first, size_t count);

/* The player leaves what comes unread, where it fills up whatever is on the way; and reads on. */
void act_stop_reading(struct act *act, size_t player);
void act_resume_reading(struct act *act, size_t player);

/* The user presses Enter. */
void act_press_enter(struct act *act);

/* The player sends bytes and expects no answer; the second function does not note the deed. */
void act_say_silently(struct act *act, size_t player, const char *data, size_t count);
void act_say_bytes(struct act *act, size_t player, const char *data, size_t count);

#endif
