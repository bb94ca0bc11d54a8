/* The marks of a sequence: bands, bars, arrows, discs, notes, and the times beside them. */
#ifndef RESULTS_SEQUENCE_SEQUENCE_MARKS_H
#define RESULTS_SEQUENCE_SEQUENCE_MARKS_H

#include "base/bytes.h"
#include "results/sequence/sequence_lanes.h"

/* Rows of the table (sequence_table.h) that marks link to. */
#define SEQUENCE_ROWS_MAX ((size_t)1000)

void sequence_draw_marks(struct bytes *out, const struct sequence_layout *layout);

/* The times, and where time was cut out. */
void sequence_draw_times(struct bytes *out, const struct sequence_layout *layout);

/* A moment as it stands beside the picture and in the table: milliseconds. */
void sequence_append_time(struct bytes *out, int64_t t_ns);

#endif
