/* The process above a server that somebody else has written: whatever the server does, it disturbs
 * nobody, and nothing of it is left at the end.
 *
 * The guard gives it a standard input on which nothing ever comes, reads all that it says so that
 * it never waits for a reader, and keeps the end of that. It inherits what forks away from it, so
 * that a daemon stands below the guard, too, and ends with it. The guard ends with the server: with
 * its first process, or, if that has ended well and others go on, with the last of those.
 */
#ifndef BENCH_GUARD_H
#define BENCH_GUARD_H

#include "base/process.h"

struct guard_note;

struct guard {
    struct process process; /* the guard's own; what is below it is the server's */
    struct guard_note *note;
};

/* Starts a guard and the command below it. 0 or -errno; to be released in either case. */
int guard_start(struct guard *guard, char *const *command);

/* Has all of the server ended? Waits for it until the deadline. */
bool guard_has_ended(const struct guard *guard, int64_t deadline_ns);

/* Ends the server: SIGTERM to its first process with the group of that and to whatever has forked
 * away, and SIGKILL to all of it patience_ns later. Then nothing of it runs, and the guard has
 * ended as well. */
void guard_end(struct guard *guard, int64_t patience_ns);

/* Once the guard has ended: how the server ended by itself and the last that it has said, as the
 * end of a sentence that begins with "it": "ended with exit code 1; its last words: no such file".
 * The caller frees. NULL if it has not ended by itself. */
char *guard_end_text(const struct guard *guard);

/* The same for the last words alone: "; its last words: …", or "" if it has said nothing. */
char *guard_last_words(const struct guard *guard);

/* Of a guard that has ended. */
void guard_release(struct guard *guard);

#endif
