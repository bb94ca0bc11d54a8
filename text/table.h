/* A text table: columns as wide as they need be, numbers to the right. */
#ifndef TEXT_TABLE_H
#define TEXT_TABLE_H

#include <stddef.h>
#include <stdio.h>

struct table {
    size_t columns;
    size_t cells;
    size_t capacity;
    char **texts; /* row by row, the headings first */
};

/* Begins a table with these headings. */
void table_init(struct table *table, size_t columns, const char *const headings[]);

/* Adds the next cell, formatted, and made fit for one line; rows fill from left to right. */
void table_add(struct table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints the table; the first column stands to the left, the others to the right. */
void table_print(const struct table *table, FILE *stream);

void table_release(struct table *table);

#endif
