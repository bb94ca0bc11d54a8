/* The functions whose instructions differ: of the server's programs, and of the kernel. */
#ifndef BENCH_COUNTED_PROFILE_H
#define BENCH_COUNTED_PROFILE_H

#include "bench/counted/quantity.h"

#define PROFILE_NAMED 10 /* functions that are shown */

struct function_difference {
    char *name; /* owned; of code without a symbol "(no symbol)" */
    char *file; /* owned; its file's last name, "kernel", or what else it is */
    bool is_kernel;
    double base, new; /* instructions per request, mean values over the layouts */
};

struct profile {
    struct function_difference *all; /* the largest difference first */
    size_t count;
};

/* From all runs of BASE and NEW, one in each layout, and what the kernel says of its code (NULL:
 * not known). A function is the same in both if it has the same name: its file may be called
 * otherwise. To be released. */
void profile_make(struct profile *profile, const struct counted_run *base,
                  const struct counted_run *new, size_t layouts, const char *kernel_symbols);
void profile_release(struct profile *profile);

#endif
