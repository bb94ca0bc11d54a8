/* Why is it so? What was seen beside a failure, and tells two causes of the same symptom apart: a
 * hint follows from what was seen, not from which check it was.
 */
#ifndef GRADER_PLAY_CAUSES_H
#define GRADER_PLAY_CAUSES_H

#include "grader/play/encounter.h"

#include <jansson.h>

/* Why a client is not accepted; with what was seen of it in the evidence. `otherwise`: where
 * nothing tells. */
const char *cause_of_not_accepting(const struct encounter *encounter, json_t *evidence,
                                   const char *otherwise);

/* Why nothing came back of a line that the player has sent, if it is a long one; or NULL. */
const char *cause_of_losing_a_line(const struct encounter *encounter, size_t player);

/* Why nothing came back of a datagram, whose player waits on; or NULL. */
const char *cause_of_no_datagram(const struct encounter *encounter, const struct player *player);

/* Why it ended, if it ended by itself: without an error, or with one. */
const char *cause_of_ending(const struct encounter *encounter);

#endif
