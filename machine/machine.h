/* The counted machine: a small virtual machine whose clock is the number of instructions executed
 * (QEMU's TCG with -icount shift=0,sleep=off: one instruction is one nanosecond of its time, and
 * when all in it sleep, its clock goes to the next timer at once).
 *
 * It is booted once and saved when it waits for an order; each run goes on from there, so that all
 * runs begin from the same bytes. What was saved is kept, by the digest of all that went into it:
 * QEMU, kernel, this program with its libraries, and how QEMU was called.
 *
 * In it stand the host's files as they are, with a layer in memory for what is written. It has no
 * network but lo, one processor, and no device that would interrupt it. A program in it is its
 * root, but reads of the host only what the caller may read.
 */
#ifndef MACHINE_MACHINE_H
#define MACHINE_MACHINE_H

#include "machine/order.h"
#include "machine/parts.h"
#include "machine/work.h"

#include <signal.h>
#include <stdbool.h>

struct machine {
    struct machine_parts parts;
    struct work_folder work;
    char *saved;     /* the file of the saved machine */
    char *key;       /* the digest of all that went into it, in hexadecimal digits */
    bool was_booted; /* and not found in the cache */
    const volatile sig_atomic_t *is_stopped; /* then a run is given up; may be NULL */
};

/* Finds the parts, and boots and saves the machine if there is no saved one. 0, or -errno with a
 * sentence in `*trouble`, which the caller frees. To be closed in either case. */
int machine_open(struct machine *machine, char **trouble);
void machine_close(struct machine *machine);

/* Lets a saved machine run the order, for at most so long. `counts`, if not NULL, is a file for
 * what the plugin counts between the guest's marks (machine/counter.h). 0, or -errno with a
 * sentence in `*trouble`; the reply is to be released in either case. */
int machine_run(struct machine *machine, const struct machine_order *order, const char *counts,
                int64_t timeout_ns, struct machine_reply *reply, char **trouble);

/* The code of the machine's kernel, as lines of /proc/kallsyms; NULL, with a sentence in
 * `*trouble`: it did not say. The caller frees either. Asked for once, and kept beside the saved
 * machine. */
char *machine_kernel_symbols(struct machine *machine, char **trouble);

/* A new object: QEMU, kernel and their digests. The caller owns it. */
json_t *machine_parts_describe(const struct machine *machine);

#endif
