#include "text/table.h"

#include "base/bytes.h"
#include "base/memory.h"
#include "text/sanitise.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>

/* Characters, not bytes: a UTF-8 continuation byte takes no column of its own. */
static size_t width_of(const char *text)
{
    size_t width = 0;
    for (; *text != '\0'; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

void table_init(struct table *table, size_t columns, const char *const headings[])
{
    *table = (struct table){.columns = columns};
    for (size_t i = 0; i < columns; i++)
        table_add(table, "%s", headings[i]);
}

void table_add(struct table *table, const char *format, ...)
{
    if (table->cells == table->capacity) {
        table->capacity = 2 * table->capacity + table->columns;
        table->texts = reallocate(table->texts, table->capacity, sizeof *table->texts);
    }
    va_list arguments;
    char *text = NULL;
    struct bytes cell = {0};
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    assert(length >= 0);
    sanitise(&cell, text, (size_t)length, SANITISE_LINE);
    free(text);
    table->texts[table->cells++] = bytes_take_text(&cell);
}

/* Of each column. To be freed. */
static size_t *widths_of(const struct table *table)
{
    size_t *widths = allocate(table->columns, sizeof *widths);
    for (size_t cell = 0; cell < table->cells; cell++) {
        size_t *widest = &widths[cell % table->columns];
        size_t width = width_of(table->texts[cell]);
        *widest = width > *widest ? width : *widest;
    }
    return widths;
}

void table_print(const struct table *table, FILE *stream)
{
    size_t *widths = widths_of(table);
    for (size_t cell = 0; cell < table->cells; cell++) {
        size_t column = cell % table->columns;
        const char *text = table->texts[cell];
        int padding = (int)(widths[column] - width_of(text));
        if (column == 0)
            fprintf(stream, "%s%*s", text, padding, "");
        else
            fprintf(stream, "  %*s%s", padding, "", text);
        if (column + 1 == table->columns)
            fputc('\n', stream);
    }
    free(widths);
}

void table_release(struct table *table)
{
    for (size_t cell = 0; cell < table->cells; cell++)
        free(table->texts[cell]);
    free(table->texts);
}
