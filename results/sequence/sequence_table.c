#include "results/sequence/sequence_table.h"

#include "base/language.h"
#include "results/page/html.h"
#include "results/sequence/sequence_marks.h"

static void append_who(struct bytes *out, const struct sequence *sequence,
                       const struct sequence_mark *mark)
{
    if (mark->kind == MARK_ARROW)
        html_print(out, "%s → %s", sequence->lanes[mark->lane].name,
                   sequence->lanes[mark->to].name);
    else if (mark->kind != MARK_NOTE)
        html_print(out, "%s", sequence->lanes[mark->lane].name);
}

static void append_row(struct bytes *out, const struct sequence *sequence, size_t row,
                       size_t figure)
{
    const struct sequence_mark *mark = &sequence->marks[row];
    bytes_print(out, "<tr id=\"sequence-%zu-%zu\"><td class=\"time\">", figure, row + 1);
    sequence_append_time(out, mark->t_ns);
    bytes_print(out, "</td><td class=\"time\">");
    if (sequence_mark_lasts(mark))
        sequence_append_time(out, mark->until_ns);
    bytes_print(out, "</td><td class=\"words\">");
    append_who(out, sequence, mark);
    html_print(out, "</td><td class=\"words\">%s</td></tr>\n", mark->detail);
}

void sequence_table(struct bytes *out, const struct sequence *sequence, size_t number)
{
    const char *headings[] = {_("ms"), _("until"), _("who"), _("what"), NULL};
    size_t left_out = 0;
    bytes_print(out, "<div class=\"sequence-table\">\n");
    html_table_begin(out, _("All of it in words"), headings);
    for (size_t i = 0; i < sequence->count; i++) {
        if (i >= SEQUENCE_ROWS_MAX)
            left_out += sequence->marks[i].kind != MARK_LEVEL;
        else if (sequence->marks[i].kind != MARK_LEVEL)
            append_row(out, sequence, i, number);
    }
    html_table_end(out);
    bytes_print(out, "</div>\n");
    if (left_out == 0)
        return;
    bytes_print(out, "<p>");
    bytes_print(out, _("%zu more events are omitted."), left_out);
    bytes_print(out, "</p>\n");
}
