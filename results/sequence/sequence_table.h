/* All that a sequence shows, in words, for who does not see it, and for exact times. */
#ifndef RESULTS_SEQUENCE_SEQUENCE_TABLE_H
#define RESULTS_SEQUENCE_SEQUENCE_TABLE_H

#include "base/bytes.h"
#include "results/sequence/sequence.h"

/* `number` is that of the figure: rows are called sequence-NUMBER-1 … */
void sequence_table(struct bytes *out, const struct sequence *sequence, size_t number);

#endif
