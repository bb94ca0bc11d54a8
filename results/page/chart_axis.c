#include "results/page/chart_axis.h"

void axis_labels_below(struct bytes *out, const struct scale *scale, enum unit unit)
{
    char text[NUMBER_TEXT_BYTES];
    for (size_t i = 0; i < scale->tick_count; i++)
        bytes_print(out, "<text x=\"%.2f%%\" y=\"1.1em\">%s</text>",
                    100 * scale_place(scale, scale->ticks[i]),
                    number_tick_text(text, unit, scale->ticks[i]));
}

/* In the corner a label stands on the axis: in the middle of its line it would meet the first one
 * below. */
#define CORNER 0.03

void axis_labels_beside(struct bytes *out, const struct scale *scale, enum unit unit)
{
    char text[NUMBER_TEXT_BYTES];
    for (size_t i = 0; i < scale->tick_count; i++) {
        double place = scale_place(scale, scale->ticks[i]);
        bytes_print(out, "<text x=\"100%%\" y=\"%.2f%%\" dy=\"%s\">%s</text>", 100 - 100 * place,
                    place < CORNER ? "0" : ".35em", number_tick_text(text, unit, scale->ticks[i]));
    }
}
