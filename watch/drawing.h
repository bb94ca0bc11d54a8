/* What is to be seen of a picture, and the lines that it becomes: cells beside each other, cut to
 * the width in letters. */
#ifndef WATCH_DRAWING_H
#define WATCH_DRAWING_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* All zero is an empty drawing again. */
void drawing_release(struct drawing *drawing);

/* Takes the text, cuts it to the width of the view, and adds it as a line; unless there are as many
 * as the view has rows. */
void draw_line(struct drawing *drawing, const struct view *view, enum draw_tone tone,
               struct bytes *text);

/* The same in as many lines as it takes, at most so many; those after the first are indented. How
 * many it took; without `drawing`, only that is found out. */
size_t draw_wrapped(struct drawing *drawing, const struct view *view, enum draw_tone tone,
                    const struct bytes *text, size_t indent, size_t most);

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
