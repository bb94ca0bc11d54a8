/* Where the instructions of a request go, in comparisons that were counted: bars of user mode and
 * kernel, one a side, on one scale; the system calls by name; the functions, if they were asked
 * for. */
#include "results/figures/figure.h"

#include "results/page/html.h"

#include <math.h>
#include <string.h>

#define CALLS_MAX 20

static const struct {
    const char *metric, *title;
    size_t series;
} parts[] = {{"user_instructions_per_request", "in user mode", 0},
             {"kernel_instructions_per_request", "in the kernel", 1}};

#define PARTS (sizeof parts / sizeof parts[0])

static const struct run_comparison *find_part(const struct run *run, size_t part)
{
    run_each_comparison (comparison, &run->document->comparisons)
        if (strcmp(comparison->name, parts[part].metric) == 0)
            return comparison;
    return NULL;
}

static double part_of(const struct run *run, size_t part, enum side side)
{
    const struct run_comparison *comparison = find_part(run, part);
    if (comparison == NULL)
        return NAN;
    return side == SIDE_NEW ? comparison->new : comparison->base;
}

static bool applies(const struct run *run)
{
    return isfinite(part_of(run, 0, SIDE_BASE)) && isfinite(part_of(run, 1, SIDE_BASE));
}

/*** Picture ***/

static double sum_of(const struct run *run, enum side side)
{
    double sum = 0;
    for (size_t i = 0; i < PARTS; i++)
        sum += fmax(0, part_of(run, i, side));
    return sum;
}

static void draw_bar(struct bytes *out, const struct run *run, enum side side, double most)
{
    char text[NUMBER_TEXT_BYTES];
    double x = 0;
    bytes_print(out, "<div class=\"row\"><span class=\"label\">%s</span>", side_name(side));
    bytes_print(out,
                "<span class=\"change\"><b>%s</b></span><div class=\"picture\"><svg "
                "width=\"100%%\" height=\"100%%\" aria-hidden=\"true\">",
                number_text(text, UNIT_COUNT, sum_of(run, side), NAN));
    for (size_t i = 0; i < PARTS; i++) {
        double width = 100 * fmax(0, part_of(run, i, side)) / most;
        bytes_print(out,
                    "<rect class=\"bar s%zu\" x=\"%.2f%%\" y=\"20%%\" width=\"%.2f%%\" "
                    "height=\"60%%\"><title>%s: %s</title></rect>",
                    parts[i].series, x, width, parts[i].title,
                    number_text(text, UNIT_COUNT, part_of(run, i, side), NAN));
        x += width;
    }
    bytes_print(out, "</svg></div></div>\n");
}

static void draw_picture(struct bytes *out, const struct run *run)
{
    double most = fmax(1, fmax(sum_of(run, SIDE_BASE), sum_of(run, SIDE_NEW)));
    bytes_print(out, "<p>");
    for (size_t i = 0; i < PARTS; i++) {
        html_mark(out, parts[i].series);
        bytes_print(out, "%s%s", parts[i].title, i + 1 < PARTS ? " " : "</p>\n");
    }
    bytes_print(out, "<div class=\"forest\" role=\"group\" aria-label=\"instructions per "
                     "request; the table below has the same\">\n");
    draw_bar(out, run, SIDE_BASE, most);
    draw_bar(out, run, SIDE_NEW, most);
    bytes_print(out, "</div>\n");
}

/*** Tables ***/

static void append_numbers(struct bytes *out, double base, double new)
{
    html_cell_number(out, UNIT_COUNT, base, NAN);
    html_cell_number(out, UNIT_COUNT, new, NAN);
    html_cell_change(out, base > 0 ? new / base - 1 : NAN, NAN);
    html_row_end(out);
}

static void draw_parts(struct bytes *out, const struct run *run)
{
    static const char *const headings[] = {"instructions", "base", "new", "change", NULL};
    html_table_begin(out, "Instructions as a table", headings);
    for (size_t i = 0; i < PARTS; i++) {
        html_row_begin(out, parts[i].title);
        append_numbers(out, part_of(run, i, SIDE_BASE), part_of(run, i, SIDE_NEW));
    }
    html_table_end(out);
}

/* Of a list of the document, whose entries have a name, "base" and "new". */
static void draw_list(struct bytes *out, const struct run *run, const char *member,
                      const char *summary, const char *heading)
{
    const char *const headings[] = {heading, "base", "new", "change", NULL};
    const json_t *list = json_object_get(run->document->json, member);
    size_t count = 0;
    if (json_array_size(list) == 0)
        return;
    html_table_begin(out, summary, headings);
    list_each (entry, list) {
        if (count++ == CALLS_MAX)
            break;
        html_row_begin(out, run_text(entry, NULL, "name"));
        append_numbers(out, run_number(entry, NULL, "base"), run_number(entry, NULL, "new"));
    }
    html_table_end(out);
}

static void draw(struct bytes *out, const struct run *run)
{
    bytes_print(out, "<p>Instructions per request, counted; they are not time. System calls are "
                     "so many a request, and functions are those that differ most.</p>\n");
    draw_picture(out, run);
    draw_parts(out, run);
    draw_list(out, run, "calls", "System calls as a table", "system call");
    draw_list(out, run, "functions", "Functions as a table", "function");
}

const struct figure figure_instructions = {
    .name = "instructions",
    .title = "Where the instructions of a request go",
    .applies = applies,
    .draw = draw,
};
