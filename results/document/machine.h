/* The machine that a result was measured on. */
#ifndef RESULTS_DOCUMENT_MACHINE_H
#define RESULTS_DOCUMENT_MACHINE_H

#include <jansson.h>
#include <stdint.h>

/* A new object: cpu_model, cores, memory_bytes, kernel, architecture, clocksource, load_average_1m
 * and descriptor_limit; what cannot be read is null. The caller owns it. */
json_t *machine_describe(void);

/* What all processors together have done since the machine was started. All 0 if it cannot be
 * read. */
struct machine_time {
    int64_t total_ns;
    int64_t busy_ns;   /* with anything but waiting */
    int64_t stolen_ns; /* taken by others on the same host */
};

struct machine_time machine_time(void);

/* What they have done since `begin` was read. */
struct machine_time machine_time_since(const struct machine_time *begin);

/* The name of the kernel's clock, or NULL; the caller frees. */
char *machine_clock(void);

#endif
