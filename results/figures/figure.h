/* What a report shows of a run. A figure is one `const struct` at the foot of its file. */
#ifndef RESULTS_FIGURES_FIGURE_H
#define RESULTS_FIGURES_FIGURE_H

#include "base/bytes.h"
#include "results/page/run.h"

#include <stdbool.h>

typedef bool figure_applies_function(const struct run *run);
typedef void figure_draw_function(struct bytes *out, const struct run *run);

struct figure {
    const char *name; /* part of its id in the page */
    const char *title;
    figure_applies_function *applies; /* has the run what it shows? */
    figure_draw_function *draw;       /* what it says, in words, as a picture and as a table */
};

/* Each in a file of its own; all of them stand in results/figures/figures.c. */
extern const struct figure figure_comparisons;
extern const struct figure figure_counters;
extern const struct figure figure_heat;
extern const struct figure figure_instructions;
extern const struct figure figure_latency;
extern const struct figure figure_memory;
extern const struct figure figure_order;
extern const struct figure figure_rankings;
extern const struct figure figure_rate;
extern const struct figure figure_throughput;

#endif
