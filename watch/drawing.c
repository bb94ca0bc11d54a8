#include "watch/drawing.h"

#include "base/memory.h"
#include "text/printable.h"
#include "text/sanitise.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void drawing_release(struct drawing *drawing)
{
    for (size_t i = 0; i < drawing->count; i++)
        free(drawing->lines[i].text);
    free(drawing->lines);
    *drawing = (struct drawing){0};
}

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

/* How many bytes of the text stand on a line of so many letters: up to a blank, if there is one in
 * its second half. */
static size_t line_bytes(const char *text, size_t length, size_t letters)
{
    size_t fitting = printable_prefix_bytes(text, length, letters);
    if (fitting == length)
        return length;
    for (size_t at = fitting; at > fitting / 2; at--)
        if (text[at] == ' ')
            return at;
    return fitting;
}

size_t draw_wrapped(struct drawing *drawing, const struct view *view, enum draw_tone tone,
                    const struct bytes *text, size_t indent, size_t most)
{
    size_t lines = 0;
    const char *rest = bytes_front(text);
    size_t length = text->length;
    while (length > 0 && lines < most) {
        struct bytes row = {0};
        size_t indented = lines > 0 ? indent : 0;
        bool is_last = lines + 1 == most;
        size_t taken = is_last ? length : line_bytes(rest, length, view->columns - indented);
        bytes_pad(&row, 0, indented);
        bytes_append(&row, rest, taken);
        rest += taken;
        length -= taken;
        for (; length > 0 && *rest == ' '; length--)
            rest++;
        lines++;
        if (drawing != NULL)
            draw_line(drawing, view, tone, &row);
        else
            bytes_release(&row);
    }
    return lines;
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
