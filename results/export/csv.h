/* Cells of comma-separated values (RFC 4180, but for lines that end in LF): a text stands in
 * quotes, a number does not, and what was not measured is empty. */
#ifndef RESULTS_EXPORT_CSV_H
#define RESULTS_EXPORT_CSV_H

#include "base/bytes.h"

#include <stdbool.h>

/* One row under way. */
struct csv_row {
    struct bytes *out;
    bool has_cells;
};

/* A cell; NULL is an empty one. */
void csv_text(struct csv_row *row, const char *text);

/* A cell; NAN is an empty one. */
void csv_number(struct csv_row *row, double value);

void csv_end(struct csv_row *row);

#endif
