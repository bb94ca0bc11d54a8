/* Draws a picture into lines of text: a pure function of the picture, of what is to be seen of it, and
 * of the size. Who puts the lines on a screen knows nothing of clients.
 *
 * Colours only repeat what words say: each line has a tone, and is to be understood without it.
 */
#ifndef WATCH_DRAW_H
#define WATCH_DRAW_H

#include "watch/history.h"

#include <stdbool.h>
#include <stddef.h>

enum draw_sort { SORT_ARRIVAL, SORT_STAGE, SORT_OWNER, SORT_UNREAD, SORT_REQUESTS, SORTS };
enum draw_filter { FILTER_ALL, FILTER_PRESENT, FILTER_WAITING, FILTERS };
enum draw_page { PAGE_PICTURE, PAGE_DETAILS, PAGE_HELP };
enum draw_tone { TONE_PLAIN, TONE_TITLE, TONE_HEADING, TONE_WAITS, TONE_SERVED, TONE_GONE };

/* What is to be seen, and how. */
struct view {
    const char *target;
    size_t rows;
    size_t columns;
    enum draw_page page;
    enum draw_sort sort;
    enum draw_filter filter;
    bool is_grouped; /* rows of one kind together; always so where there are very many */
    bool is_frozen;  /* the picture is not the latest, and stays */
    size_t behind;   /* so many pictures before the latest */
    size_t selected; /* row of the clients; drawing brings it into its bounds */
    int client;      /* id of the client that is selected; drawing fills it in */
    bool has_missed; /* looks were left out */
};

struct drawn_line {
    char *text; /* in UTF-8, no wider than the view */
    enum draw_tone tone;
    bool is_selected;
};

struct drawing {
    struct drawn_line *lines; /* as many as the view has rows, at most */
    size_t count;
};

/* Draws the picture with the notes of what changed up to it. All zero is an empty drawing; an old one
 * is released. */
void draw(struct drawing *drawing, struct view *view, const struct picture *picture,
          const struct history_note *notes, size_t note_count);

void drawing_release(struct drawing *drawing);

#endif
