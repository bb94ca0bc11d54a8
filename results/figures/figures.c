#include "results/figures/figures.h"

#include <stddef.h>

const struct figure *const figures[] = {
    &figure_comparisons,
    &figure_instructions,
    &figure_heat,
    &figure_rankings,
    &figure_throughput,
    &figure_latency,
    &figure_counters,
    &figure_memory,
    &figure_rate,
    &figure_order,
    NULL,
};
