/* What a submission may not ask of the kernel, as a filter for seccomp(2). */
#ifndef GRADER_ARENA_SYSTEM_CALL_FILTER_H
#define GRADER_ARENA_SYSTEM_CALL_FILTER_H

#include <stdbool.h>
#include <stdint.h>

struct system_call_filter_plan {
    bool denies_io_uring;
    bool bounds_shared_memory; /* as nobody counts it but us */
};

/* How much anonymous shared memory it may then have in one piece; and none in files without a name,
 * which could be kept where nobody sees them: in flight. */
#define SHARED_ANONYMOUS_MAX_BYTES ((int64_t)64 << 20)

/* The filter as a file without a name: a descriptor that is the caller's, or
 * -errno. It denies what no server needs and what would lead out of its arena: namespaces and
 * mounts, the kernel's modules and tracing, other processes' memory, typing on a terminal, the
 * clock; and, by the plan, io_uring and much of shared memory. Everything else is allowed. */
int system_call_filter_open(const struct system_call_filter_plan *plan);

/* The same for the calling process from now on, and all that it will start. 0 or -errno. */
int system_call_filter_load(const struct system_call_filter_plan *plan);

#endif
