/* The machine that a result was measured on. */
#ifndef RESULTS_MACHINE_H
#define RESULTS_MACHINE_H

#include <jansson.h>

/* A new object: cpu_model, cores, memory_bytes, kernel, architecture, clocksource, load_average_1m
 * and descriptor_limit; what cannot be read is null. The caller owns it. */
json_t *machine_describe(void);

#endif
