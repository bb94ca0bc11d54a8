/* Waiting for what must follow, by the rule of rest (docs/rest.md).
 *
 * A wait returns as soon as what is waited for is seen, or as soon as it can be claimed that it
 * will not come; what is claimed is the outcome. Each kind of thing that is waited for has a window
 * for the case that nothing can be proved.
 */
#ifndef GRADER_PLAY_AWAIT_H
#define GRADER_PLAY_AWAIT_H

#include "grader/play/encounter.h"

enum outcome {
    OUTCOME_SEEN,        /* what was waited for has happened */
    OUTCOME_SETTLED,     /* proved: nothing happens without us within the window */
    OUTCOME_PASSED_OVER, /* a client is queued, and the submission has come round without it */
    OUTCOME_SPINNING,    /* it uses the processor and does nothing else */
    OUTCOME_ENDED,       /* no process of it is left */
    OUTCOME_UNSEEN, /* a task is stopped, and the others stand still; or one cannot be inspected */
    OUTCOME_TIMED_OUT, /* the window is over; its length is in the encounter's `window_ns` */
};

/* Looks at encounter->settle.current, the players and the output. */
typedef bool encounter_predicate(struct encounter *encounter);

/* A reaction: that a client is accepted, read, answered, or let go. `is_queued` says whether the
 * client that it is about waits to be accepted (NULL: whether any does); only then it can have been
 * passed over. The window is REACTION_NS, or ten times the
 * longest time that a task sleeps by itself, and begins anew whenever the submission works; but
 * never longer than the patience. An outcome or -errno, as for all of these. */
int await_reaction(struct encounter *encounter, encounter_predicate *predicate,
                   encounter_predicate *is_queued);

/* Is nobody in the accept queue within a moment? A look at all sockets and tasks for each of many
 * clients would be dear. */
bool await_accept(struct encounter *encounter);

/* What the submission does of itself: listen, connect, end. The window is the patience. */
int await_deed(struct encounter *encounter, encounter_predicate *predicate);

/* What must not come. The window is SILENCE_NS. */
int await_silence(struct encounter *encounter, encounter_predicate *predicate);

/* All its tasks sleep and nothing is under way: enough to go on, as nothing is claimed. */
int await_rest(struct encounter *encounter);

/* The same of two plays at the same time, which takes no longer than one: an outcome for each. */
void await_rest_of_both(struct encounter *const both[2], int outcomes[2]);

/* Lets so much time pass, by the clock, for an assignment that is about time: OUTCOME_SEEN, an end,
 * or -errno. What comes meanwhile is taken. */
int await_time(struct encounter *encounter, int64_t time_ns);

/* The same, for a submission that must not use the processor at all, whatever its sockets do. */
int await_idleness(struct encounter *encounter);

/* The same as a predicate, for those who wait for something else, too. */
bool encounter_is_resting(struct encounter *encounter);

#endif
