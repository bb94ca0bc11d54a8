#include "results/page/chart_lines_table.h"

#include "base/memory.h"
#include "results/measures/statistics.h"
#include "results/page/html.h"

#include <math.h>
#include <stdlib.h>

/* Every x that some series has, ascending. The caller frees. */
static double *collect_x(const struct line_chart *chart, size_t *count)
{
    double *all = NULL;
    size_t total = 0;
    for (size_t i = 0; i < chart->count; i++)
        for (size_t j = 0; j < chart->series[i].count; j++) {
            all = reallocate(all, total + 1, sizeof all[0]);
            all[total++] = chart->series[i].points[j].x;
        }
    if (total > 0)
        statistics_sort(all, total);
    *count = 0;
    for (size_t i = 0; i < total; i++)
        if (*count == 0 || all[*count - 1] < all[i])
            all[(*count)++] = all[i];
    return all;
}

static void append_cell(struct bytes *out, const struct line_chart *chart,
                        const struct chart_series *series, double x)
{
    struct chart_point at = {.x = x, .y = NAN, .low = NAN, .high = NAN};
    for (size_t i = 0; i < series->count; i++)
        if (series->points[i].x == x)
            at = series->points[i];
    html_cell_noisy(out, chart->y.unit, at.y, (at.high - at.low) / 2);
}

void chart_table(struct bytes *out, const struct line_chart *chart)
{
    size_t rows = 0;
    char text[NUMBER_TEXT_BYTES];
    double *x = collect_x(chart, &rows);
    const char **headings = allocate(chart->count + 2, sizeof headings[0]);
    headings[0] = chart->x.title;
    for (size_t i = 0; i < chart->count; i++)
        headings[i + 1] = chart->series[i].name;
    char *summary = text_of("%s as a table", chart->y.title);
    html_table_begin(out, summary, headings);
    for (size_t row = 0; row < rows; row++) {
        html_row_begin(out, number_tick_text(text, chart->x.unit, x[row]));
        for (size_t i = 0; i < chart->count; i++)
            append_cell(out, chart, &chart->series[i], x[row]);
        html_row_end(out);
    }
    html_table_end(out);
    free(summary);
    free(headings);
    free(x);
}
