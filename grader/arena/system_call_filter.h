/* What a submission may not ask of the kernel, as a filter for seccomp(2). */
#ifndef GRADER_ARENA_SYSTEM_CALL_FILTER_H
#define GRADER_ARENA_SYSTEM_CALL_FILTER_H

#include <stdbool.h>

/* The filter as a file without a name: a descriptor that is the caller's, or
 * -errno. It denies what no server needs and what would lead out of its arena: namespaces and
 * mounts, the kernel's modules and tracing, other processes' memory, typing on a terminal, the
 * clock; and, if wanted so, io_uring. Everything else is allowed. */
int system_call_filter_open(bool denies_io_uring);

#endif
