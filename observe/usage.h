/* What a process tree has used so far, and what it holds. */
#ifndef OBSERVE_USAGE_H
#define OBSERVE_USAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct usage {
    uint64_t cpu_ns;
    uint64_t switches; /* context switches of the tasks that are alive, voluntary or not */
    uint64_t voluntary_switches; /* those of them in which a task went to sleep */
    uint64_t memory_bytes;       /* private, and their part of what they share (PSS); not the
                                  * pages of files, whose part depends on who else maps them */
    bool has_memory;             /* it could be read of every process */
};

/* Reads the usage of `root` and its descendants, as far as they are alive. */
void usage_read(struct usage *usage, pid_t root);

/* The same without that of `root` itself. */
void usage_read_descendants(struct usage *usage, pid_t root);

#endif
