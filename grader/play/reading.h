/* Has the submission read what a client sent? The kernel shows it: the client's bytes have been
 * acknowledged, and none of them lies in the server's receive queue - or the server has closed in
 * order, where with unread bytes the kernel would have sent a reset.
 */
#ifndef GRADER_PLAY_READING_H
#define GRADER_PLAY_READING_H

#include "grader/play/encounter.h"

/* The connection was accepted, and all that the player has sent so far was read. To be asked at
 * each look (in a predicate): once seen, it is remembered, as the connection may be gone later. */
bool encounter_has_read(struct encounter *encounter, struct player *player);

#endif
