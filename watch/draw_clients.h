/* The rows of clients, one for each, or one for each kind. */
#ifndef WATCH_DRAW_CLIENTS_H
#define WATCH_DRAW_CLIENTS_H

#include "watch/drawing.h"
#include "watch/picture.h"

/* More rows than this are always shown in groups. */
#define GROUPED_FROM ((size_t)200)

/* Draws headings and rows within `room` lines. */
void draw_clients(struct drawing *drawing, struct view *view, const struct picture *picture,
                  size_t room);

/* How many lines they would like to have. */
size_t draw_clients_wanted(const struct view *view, const struct picture *picture);

/* The tone of a client's rows. */
enum draw_tone draw_tone_of(const struct picture_client *client);

/* Appends the states of both ends: once where they are the same. */
void draw_states(struct bytes *text, const struct picture_client *client);

#endif
