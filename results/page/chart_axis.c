#include "results/page/chart_axis.h"

void axis_labels_below(struct bytes *out, const struct scale *scale, enum unit unit)
{
    char text[NUMBER_TEXT_BYTES];
    for (size_t i = 0; i < scale->tick_count; i++)
        bytes_print(out, "<text x=\"%.2f%%\" y=\"1.1em\">%s</text>",
                    100 * scale_place(scale, scale->ticks[i]),
                    number_tick_text(text, unit, scale->ticks[i]));
}

void axis_labels_beside(struct bytes *out, const struct scale *scale, enum unit unit)
{
    char text[NUMBER_TEXT_BYTES];
    for (size_t i = 0; i < scale->tick_count; i++)
        bytes_print(out, "<text x=\"100%%\" y=\"%.2f%%\" dy=\".35em\">%s</text>",
                    100 - 100 * scale_place(scale, scale->ticks[i]),
                    number_tick_text(text, unit, scale->ticks[i]));
}
