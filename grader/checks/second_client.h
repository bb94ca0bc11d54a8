/* The second client: is it served while the first stays silent, and if not, is it served once the
 * first has left?
 *
 * The verdict rests on evidence. Served: its text came back, or appeared in the submission's
 * output, or another answer came. Blocked: the submission has settled while the second client's
 * bytes lie unread in its connection at the server, accepted by nobody or accepted and left. What
 * is neither has a finding of its own, or is inconclusive.
 */
#ifndef GRADER_CHECKS_SECOND_CLIENT_H
#define GRADER_CHECKS_SECOND_CLIENT_H

#include "grader/play/check.h"
#include "grader/play/conduct.h"

struct encounter;

struct second_client_options {
    enum expectation expectation;
    const char *farewell; /* what the first client says before it closes; may be empty */
};

#define SECOND_CLIENT_CHECKS  2
#define SECOND_CLIENT_PLAYERS 2

/* Plays the scene with a submission that has just been started in encounter->arena, and fills in
 * both results. 0, or -errno if proctor itself could not go on. */
int second_client_play(struct encounter *encounter, const struct second_client_options *options,
                       struct check_result results[SECOND_CLIENT_CHECKS]);

#endif
