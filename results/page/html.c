#include "results/page/html.h"

#include "text/json_dump.h"
#include "text/printable.h"
#include "text/sanitise.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/*** Texts ***/

void html_print(struct bytes *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    sanitise_print_list(out, SANITISE_HTML, "–", format, arguments);
    va_end(arguments);
}

/* Appends the first characters of a clean text. */
static void append_cut(struct bytes *out, const struct bytes *clean, size_t most)
{
    size_t kept = printable_prefix_bytes(bytes_front(clean), clean->length, most);
    if (kept < clean->length)
        kept = printable_prefix_bytes(bytes_front(clean), kept, most - 1);
    sanitise(out, bytes_front(clean), kept, SANITISE_HTML);
    if (kept < clean->length)
        bytes_print(out, "…");
}

static struct bytes clean_text(const char *text)
{
    struct bytes clean = {0};
    sanitise(&clean, text != NULL ? text : "–", text != NULL ? strlen(text) : 3, SANITISE_STRING);
    return clean;
}

void html_cut_text(struct bytes *out, const char *text, size_t most)
{
    struct bytes clean = clean_text(text);
    append_cut(out, &clean, most);
    bytes_release(&clean);
}

void html_short_text(struct bytes *out, const char *text, size_t most)
{
    struct bytes clean = clean_text(text);
    bool is_whole = printable_prefix_bytes(bytes_front(&clean), clean.length, most) == clean.length;
    if (!is_whole) {
        bytes_print(out, "<abbr title=\"");
        sanitise(out, bytes_front(&clean), clean.length, SANITISE_HTML);
        bytes_print(out, "\">");
    }
    append_cut(out, &clean, most);
    if (!is_whole)
        bytes_print(out, "</abbr>");
    bytes_release(&clean);
}

/*** Tables ***/

void html_table_begin(struct bytes *out, const char *summary, const char *const headings[])
{
    html_print(out,
               "<details class=\"figures\" open=\"open\"><summary>%s</summary>\n"
               "<div class=\"scrolls\"><table>\n<thead><tr>",
               summary);
    for (size_t i = 0; headings[i] != NULL; i++)
        html_print(out, "<th scope=\"col\">%s</th>", headings[i]);
    bytes_print(out, "</tr></thead>\n<tbody>\n");
}

void html_table_end(struct bytes *out)
{
    bytes_print(out, "</tbody></table></div></details>\n");
}

void html_row_begin(struct bytes *out, const char *name)
{
    html_print(out, "<tr><th scope=\"row\">%s</th>", name);
}

void html_cell_text(struct bytes *out, const char *text)
{
    html_print(out, "<td class=\"words\">%s</td>", text);
}

void html_cell_number(struct bytes *out, enum unit unit, double value, double noise)
{
    char text[NUMBER_TEXT_BYTES];
    bytes_print(out, "<td>%s</td>", number_text(text, unit, value, noise));
}

void html_cell_noisy(struct bytes *out, enum unit unit, double value, double noise)
{
    bytes_print(out, "<td>");
    number_append_with_noise(out, unit, value, noise);
    bytes_print(out, "</td>");
}

void html_cell_change(struct bytes *out, double change, double noise)
{
    char text[NUMBER_TEXT_BYTES];
    bytes_print(out, "<td>%s</td>", number_change_text(text, change, noise));
}

void html_cell_interval(struct bytes *out, double low, double high)
{
    bytes_print(out, "<td>");
    number_append_interval(out, low, high);
    bytes_print(out, "</td>");
}

void html_row_end(struct bytes *out)
{
    bytes_print(out, "</tr>\n");
}

/*** Marks ***/

static const char *const shapes[SERIES_STYLES] = {
    "M-4.5 0A4.5 4.5 0 1 0 4.5 0A4.5 4.5 0 1 0 -4.5 0Z",                         /* disc */
    "M-4-4H4V4H-4Z",                                                             /* square */
    "M0-5.5L5 4H-5Z",                                                            /* triangle */
    "M0-5.5L5.5 0L0 5.5L-5.5 0Z",                                                /* diamond */
    "M0 5.5L5-4H-5Z",                                                            /* upside down */
    "M-1.5-5H1.5V-1.5H5V1.5H1.5V5H-1.5V1.5H-5V-1.5H-1.5Z",                       /* plus */
    "M0-6L1.6-1.8L6-1.8L2.5 .9L3.8 5.2L0 2.6L-3.8 5.2L-2.5 .9L-6-1.8L-1.6-1.8Z", /* star */
    "M-4.5-2L-2-4.5L0-2.2L2-4.5L4.5-2L2.2 0L4.5 2L2 4.5L0 2.2L-2 4.5L-4.5 2L-2.2 0Z", /* cross */
    "M-2-5.5H2V5.5H-2Z",                                                              /* bar */
};

void html_mark_shapes(struct bytes *out)
{
    bytes_print(out, "<svg class=\"shapes\" xmlns=\"http://www.w3.org/2000/svg\" "
                     "aria-hidden=\"true\" width=\"0\" height=\"0\"><defs>");
    for (size_t i = 0; i < SERIES_STYLES; i++)
        bytes_print(out, "<path id=\"mark-%zu\" d=\"%s\"/>", i, shapes[i]);
    bytes_print(out, "</defs></svg>\n");
}

void html_mark(struct bytes *out, size_t series)
{
    bytes_print(out,
                "<svg class=\"mark\" xmlns=\"http://www.w3.org/2000/svg\" aria-hidden=\"true\" "
                "width=\"14\" height=\"14\" viewBox=\"-7 -7 14 14\"><use href=\"#mark-%zu\" "
                "class=\"s%zu\"/></svg>",
                series % SERIES_STYLES, series % SERIES_STYLES);
}

/*** Documents ***/

/* In JSON these three occur within strings only, where each may be written as an escape. */
static void append_json(struct bytes *out, const char *text)
{
    for (; *text != '\0'; text++)
        if (strchr("<>&", *text) != NULL)
            bytes_print(out, "\\u%04x", (unsigned)*text);
        else
            bytes_append(out, text, 1);
}

void html_document(struct bytes *out, const char *id, const json_t *document)
{
    struct bytes json = {0};
    json_append(&json, document, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(15));
    char *text = bytes_take_text(&json);
    bytes_print(out, "<script type=\"application/json\" id=\"%s\" class=\"document\">", id);
    append_json(out, text);
    bytes_print(out, "</script>\n");
    free(text);
}

/* The comments hide the marks of a CDATA section from the script, and it hides the script from
 * XML. */
void html_script(struct bytes *out, const char *script)
{
    bytes_print(out, "<script id=\"report-script\">//<![CDATA[\n%s\n//]]></script>\n", script);
}
