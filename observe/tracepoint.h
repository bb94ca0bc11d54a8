/* Counting the system calls of a process tree with the kernel's tracepoint counter. */
#ifndef OBSERVE_TRACEPOINT_H
#define OBSERVE_TRACEPOINT_H

/* Can system calls be counted here? 0, or -errno with the reason in `*reason` (a constant). */
int tracepoint_check(const char **reason);

#endif
