/* A client that is sent more than all buffers hold. */
#ifndef GRADER_PLAY_FLOODING_H
#define GRADER_PLAY_FLOODING_H

#include "grader/play/partings.h"

/* Whatever is sent to the player is more than all buffers hold, and it reads nothing; waits until
 * nothing moves. It has sent what asks for so much; in a chat somebody else talks.
 * False if that was not seen. */
bool act_flood(struct act *act, size_t player);

/* How many bytes of what the player has sent the server has read, once nothing moves again. */
size_t act_flood_read_bytes(struct act *act, size_t player);

#endif
