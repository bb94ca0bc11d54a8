#include "text/table.h"

#include "base/memory.h"

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
    va_start(arguments, format);
    int length = vasprintf(&table->texts[table->cells], format, arguments);
    va_end(arguments);
    assert(length >= 0);
    table->cells++;
}

static size_t column_width(const struct table *table, size_t column)
{
    size_t widest = 0;
    for (size_t cell = column; cell < table->cells; cell += table->columns)
        if (width_of(table->texts[cell]) > widest)
            widest = width_of(table->texts[cell]);
    return widest;
}

void table_print(const struct table *table, FILE *stream)
{
    for (size_t cell = 0; cell < table->cells; cell++) {
        size_t column = cell % table->columns;
        const char *text = table->texts[cell];
        int padding = (int)(column_width(table, column) - width_of(text));
        if (column == 0)
            fprintf(stream, "%s%*s", text, padding, "");
        else
            fprintf(stream, "  %*s%s", padding, "", text);
        if (column + 1 == table->columns)
            fputc('\n', stream);
    }
}

void table_release(struct table *table)
{
    for (size_t cell = 0; cell < table->cells; cell++)
        free(table->texts[cell]);
    free(table->texts);
}
