/* Ending a process that grades before it has finished. */
#ifndef GRADER_ARENA_WORKER_END_H
#define GRADER_ARENA_WORKER_END_H

#include <sys/types.h>

/* Ends a child of ours and returns when nothing is left of it and of what it grades: it is waited
 * for, too. */
void worker_end(pid_t worker);

/* Kills every process below the calling one, those of this group first (0: there is none). */
void worker_kill_below(pid_t group);

#endif
