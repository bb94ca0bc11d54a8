/* What QEMU counts between two marks, instruction by instruction. */
#ifndef MACHINE_COUNTER_H
#define MACHINE_COUNTER_H

#include <stddef.h>
#include <stdint.h>

/* An instruction that does nothing, and by which machine/plugin/counting.c knows where to begin. */
void machine_mark_begin(void);
void machine_mark_end(void);

/* How often code was executed, in instructions. */
struct counted_code {
    uint64_t address; /* of a block of it, without a jump inside */
    uint64_t count;
};

/* Where the kernel's addresses begin. */
#define MACHINE_KERNEL_ADDRESS UINT64_C(0xffff800000000000)

/* Reads what the plugin wrote, ordered by address, one of each: a new array of `*count`, which the
 * caller frees. 0 or -errno. */
int counted_code_read(const char *path, struct counted_code **codes, size_t *count);

#endif
