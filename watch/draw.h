/* Draws a picture into lines of text: a pure function of the picture, of what is to be seen of it,
 * and of the size. Who puts the lines on a screen knows nothing of clients.
 *
 * Colours only repeat what words say: each line has a tone, and is to be understood without it.
 */
#ifndef WATCH_DRAW_H
#define WATCH_DRAW_H

#include "watch/drawing.h"
#include "watch/history.h"

/* Draws the picture with the notes of what changed up to it. All zero is an empty drawing; an old
 * one is released. */
void draw(struct drawing *drawing, struct view *view, const struct picture *picture,
          const struct history_note *notes, size_t note_count);

#endif
