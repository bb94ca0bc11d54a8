/* Lines of a drawing: cells beside each other, cut to the width in letters. */
#ifndef WATCH_DRAW_LINES_H
#define WATCH_DRAW_LINES_H

#include "base/bytes.h"
#include "watch/draw.h"

/* Takes the text, cuts it to the width of the view, and adds it as a line; unless there are as many
 * as the view has rows. */
void draw_line(struct drawing *drawing, const struct view *view, enum draw_tone tone,
               struct bytes *text);

/* The same of a format. */
void draw_print(struct drawing *drawing, const struct view *view, enum draw_tone tone,
                const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Appends a cell and a blank; cut, and padded with blanks, to so many letters. */
void draw_cell(struct bytes *text, size_t letters, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "0.2s", "12s", "5m03", "2h10". */
const char *draw_age(char text[16], int64_t age_ns);

/* The same text without line feeds and whatever a terminal would obey. */
void draw_clean(struct bytes *text, const char *from);

#endif
