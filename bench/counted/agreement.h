/* What it means when counting and timing say the same of two servers, or not. */
#ifndef BENCH_COUNTED_AGREEMENT_H
#define BENCH_COUNTED_AGREEMENT_H

#include "results/measures/decision.h"

/* A sentence, or several, that explain the two verdicts, of the same, worse, better and
 * inconclusive; a constant. */
const char *agreement_sentence(enum decision counted, enum decision timed);

#endif
