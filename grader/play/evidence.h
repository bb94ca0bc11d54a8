/* The kernel's rows that decided a verdict: for the document as objects, for people as text. */
#ifndef GRADER_PLAY_EVIDENCE_H
#define GRADER_PLAY_EVIDENCE_H

#include "grader/play/evidence_row.h"

struct bytes;

/* Where two texts that begin alike part, if they do. */
void evidence_parting(json_t *evidence, const struct bytes *came, const struct bytes *wanted);

/* The same with what came and was wanted, of the player of this name. */
void evidence_compared(json_t *evidence, const char *name, const struct bytes *came,
                       const struct bytes *wanted);

/* The server's end of the player's connection. */
void evidence_connection(json_t *evidence, const struct encounter *encounter,
                         const struct player *player);

/* The listener with its accept queue. */
void evidence_listener(json_t *evidence, const struct encounter *encounter);

/* The first socket that listens, on whatever port. */
void evidence_any_listener(json_t *evidence, const struct encounter *encounter);

/* The first tasks of the submission: what each sleeps in, and on whose connection. */
void evidence_tasks(json_t *evidence, const struct encounter *encounter);

/* The same of a run of the arena. */
void evidence_run(json_t *evidence, const struct encounter *encounter, size_t run);

/* What the assignment's own programs beside it have printed. */
void evidence_besides(json_t *evidence, const struct encounter *encounter);

/* What the submission has printed since it had printed so many bytes; unless what it printed
 * stands there already. */
void evidence_printed_since(json_t *evidence, const struct encounter *encounter, int64_t bytes);

/* A process of the submission that is no longer there. */
void evidence_ended_process(json_t *evidence, int pid, const char *name);

/* How the submission ended, and what it had printed. */
void evidence_end(json_t *evidence, const struct encounter *encounter);

/* The same of a build, which may also wait for something for ever; with more of what it printed. */
void evidence_end_of_build(json_t *evidence, const struct encounter *encounter);

#endif
