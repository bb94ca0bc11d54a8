/* Programs of the assignment beside a submission, in the same network: a server that a proxy asks,
 * for example.
 *
 * They run in arenas of their own, so that a submission can neither see nor end them, and are
 * watched with it: while one of them works, nothing is claimed of the submission. That one ends is
 * the assignment's error, and never costs a mark.
 */
#ifndef GRADER_PLAY_BESIDE_H
#define GRADER_PLAY_BESIDE_H

#include "grader/play/encounter.h"

/* One of the plan. */
struct beside {
    const char *name;
    char *const *command;
    const char *folder; /* where it runs */
    uint16_t port;      /* that it must listen on before the submission starts; 0: none */
};

/* Begins a wait. */
void besides_begin(struct encounter *encounter);

/* Looks at them after a look at the submission, whose activity is `activity`: what that is with
 * them; or -errno, -ECHILD as above. */
int besides_look(struct encounter *encounter, int activity);

/* As settle_longest_nap_ns(), of all of them. */
int64_t besides_longest_nap_ns(const struct encounter *encounter, int64_t most_ns);

/* What became of encounter->lost, in words, to be freed. */
char *beside_end_text(const struct encounter *beside);

#endif
