/* The assignment's own solution, played beside a submission: in an arena of its own, so that both
 * listen on the same port and neither knows of the other; without isolation, on another port. It is
 * started when it is first asked, and then stays.
 *
 * What goes wrong with it is the assignment's error, and never costs a mark.
 */
#ifndef GRADER_ORACLE_REFERENCE_H
#define GRADER_ORACLE_REFERENCE_H

#include "grader/play/act.h"

/* A play on it. */
struct reference {
    struct act act;
    struct check_result result; /* which nobody sees */
};

/* Starts it if need be, with so many new clients: reference->act is then played. It draws the same
 * words as `act`, the check that is under way. False: it cannot be, and act->error is set.
 * reference_leave() in either case. */
bool reference_enter(struct reference *reference, struct act *act, size_t players);

/* True, and nothing has gone wrong with it. */
bool reference_leave(struct reference *reference, struct act *act);

/* It is started anew when it is next asked. */
void reference_close(struct act *act);

/* The assignment's error, in words: act->error is set. */
void reference_blame(struct act *act, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
