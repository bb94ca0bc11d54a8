#include "results/page/chart_lines_table.h"

#include "base/memory.h"
#include "results/page/html.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* A point, and the series that it is of. */
struct cell {
    struct chart_point point;
    size_t series;
    size_t place; /* in the series */
};

static int compare_cells(const void *left, const void *right)
{
    const struct cell *one = left;
    const struct cell *other = right;
    if (one->point.x != other->point.x)
        return one->point.x < other->point.x ? -1 : 1;
    if (one->series != other->series)
        return one->series < other->series ? -1 : 1;
    return one->place == other->place ? 0 : one->place > other->place ? -1 : 1;
}

/* The points by ascending x, and there by their series: of those that a series has at the same
 * x the last one. The caller frees. */
static struct cell *collect(const struct line_chart *chart, size_t *count, size_t *rows)
{
    size_t total = 0;
    for (size_t i = 0; i < chart->count; i++)
        total += chart->series[i].count;
    struct cell *cells = allocate(total + 1, sizeof cells[0]);
    size_t filled = 0;
    for (size_t i = 0; i < chart->count; i++)
        for (size_t j = 0; j < chart->series[i].count; j++)
            cells[filled++] = (struct cell){chart->series[i].points[j], i, j};
    qsort(cells, total, sizeof cells[0], compare_cells);
    *count = 0;
    *rows = 0;
    for (size_t i = 0; i < total; i++) {
        const struct cell *last = *count > 0 ? &cells[*count - 1] : NULL;
        if (last != NULL && last->point.x == cells[i].point.x && last->series == cells[i].series)
            continue;
        *rows += last == NULL || last->point.x < cells[i].point.x;
        cells[(*count)++] = cells[i];
    }
    return cells;
}

static void append_cell(struct bytes *out, const struct line_chart *chart,
                        const struct chart_point *point)
{
    html_cell_noisy(out, chart->y.unit, point->y, (point->high - point->low) / 2);
}

/* A row for each x, a column for each series. */
static void append_columns(struct bytes *out, const struct line_chart *chart,
                           const struct cell *cells, size_t count)
{
    static const struct chart_point gap = {NAN, NAN, NAN, NAN};
    char text[NUMBER_TEXT_BYTES];
    for (size_t i = 0; i < count;) {
        double x = cells[i].point.x;
        html_row_begin(out, number_tick_text(text, chart->x.unit, x));
        for (size_t series = 0; series < chart->count; series++) {
            bool is_there = i < count && cells[i].point.x == x && cells[i].series == series;
            append_cell(out, chart, is_there ? &cells[i++].point : &gap);
        }
        html_row_end(out);
    }
}

/* A row for each point, where columns would be mostly gaps. */
static void append_points(struct bytes *out, const struct line_chart *chart,
                          const struct cell *cells, size_t count)
{
    char text[NUMBER_TEXT_BYTES];
    for (size_t i = 0; i < count; i++) {
        html_row_begin(out, number_tick_text(text, chart->x.unit, cells[i].point.x));
        html_cell_text(out, chart->series[cells[i].series].name);
        append_cell(out, chart, &cells[i].point);
        html_row_end(out);
    }
}

#define CELLS_FOR_EACH_POINT 4
#define CELLS_AT_LEAST       64

void chart_table(struct bytes *out, const struct line_chart *chart)
{
    size_t count = 0;
    size_t rows = 0;
    struct cell *cells = collect(chart, &count, &rows);
    bool has_columns =
        rows == 0 || chart->count <= (CELLS_AT_LEAST + CELLS_FOR_EACH_POINT * count) / rows;
    size_t columns = has_columns ? chart->count : 2;
    const char **headings = allocate(columns + 2, sizeof headings[0]);
    headings[0] = chart->x.title;
    headings[1] = has_columns ? NULL : "of";
    for (size_t i = 0; has_columns && i < columns; i++)
        headings[i + 1] = chart->series[i].name;
    if (!has_columns)
        headings[2] = chart->y.title;
    char *summary = text_of("%s as a table", chart->y.title);
    html_table_begin(out, summary, headings);
    if (has_columns)
        append_columns(out, chart, cells, count);
    else
        append_points(out, chart, cells, count);
    html_table_end(out);
    free(summary);
    free(headings);
    free(cells);
}
