/* All figures of a report. */
#ifndef RESULTS_FIGURES_FIGURES_H
#define RESULTS_FIGURES_FIGURES_H

#include "results/figures/figure.h"

/* As they follow each other; ends with NULL. */
extern const struct figure *const figures[];

#endif
