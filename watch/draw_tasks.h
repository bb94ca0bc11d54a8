/* The rows of tasks: what each does, one for each, or one for all that do the same. */
#ifndef WATCH_DRAW_TASKS_H
#define WATCH_DRAW_TASKS_H

#include "watch/drawing.h"
#include "watch/picture.h"

/* Draws headings and rows within `room` lines. */
void draw_tasks(struct drawing *drawing, const struct view *view, const struct picture *picture,
                size_t room);

/* How many lines they would like to have. */
size_t draw_tasks_wanted(const struct picture *picture);

#endif
