#include "watch/draw_lines.h"

#include "base/memory.h"
#include "text/printable.h"
#include "text/sanitise.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void draw_line(struct drawing *drawing, const struct view *view, enum draw_tone tone,
               struct bytes *text)
{
    if (drawing->count < view->rows) {
        size_t length = printable_prefix_bytes(bytes_front(text), text->length, view->columns);
        while (length > 0 && bytes_front(text)[length - 1] == ' ')
            length--;
        drawing->lines = grow_by_one(drawing->lines, drawing->count, sizeof *drawing->lines);
        drawing->lines[drawing->count++] = (struct drawn_line){
            .text = text_of("%.*s", (int)length, length > 0 ? bytes_front(text) : ""),
            .tone = tone};
    }
    bytes_release(text);
}

void draw_print(struct drawing *drawing, const struct view *view, enum draw_tone tone,
                const char *format, ...)
{
    char *line = NULL;
    struct bytes text = {0};
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&line, format, arguments);
    va_end(arguments);
    bytes_append(&text, line, length > 0 ? (size_t)length : 0);
    free(line);
    draw_line(drawing, view, tone, &text);
}

void draw_cell(struct bytes *text, size_t letters, const char *format, ...)
{
    char *cell = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&cell, format, arguments);
    va_end(arguments);
    size_t from = text->length;
    bytes_append(text, cell,
                 printable_prefix_bytes(cell, length > 0 ? (size_t)length : 0, letters));
    bytes_pad(text, from, letters);
    bytes_append(text, " ", 1);
    free(cell);
}

const char *draw_age(char text[16], int64_t age_ns)
{
    long long seconds = (long long)(age_ns / 1000000000);
    if (seconds < 10)
        snprintf(text, 16, "%.1fs", (double)age_ns / 1e9);
    else if (seconds < 100)
        snprintf(text, 16, "%llds", seconds);
    else if (seconds < 6000)
        snprintf(text, 16, "%lldm%02lld", seconds / 60, seconds % 60);
    else
        snprintf(text, 16, "%lldh%02lld", seconds / 3600, seconds / 60 % 60);
    return text;
}

void draw_clean(struct bytes *text, const char *from)
{
    sanitise(text, from, strlen(from), SANITISE_LINE);
}
