#include "results/export/csv_cells.h"

#include "results/document/json_text.h"

static void begin_cell(struct csv_row *row)
{
    if (row->has_cells)
        bytes_print(row->out, ",");
    row->has_cells = true;
}

void csv_text(struct csv_row *row, const char *text)
{
    begin_cell(row);
    export_text(row->out, text, SANITISE_CSV);
}

void csv_number(struct csv_row *row, double value)
{
    begin_cell(row);
    export_number(row->out, value);
}

void csv_end(struct csv_row *row)
{
    bytes_print(row->out, "\n");
    row->has_cells = false;
}
