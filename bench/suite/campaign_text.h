/* A cell of a bench's run document as a table for people. */
#ifndef BENCH_SUITE_CAMPAIGN_TEXT_H
#define BENCH_SUITE_CAMPAIGN_TEXT_H

#include <jansson.h>
#include <stdio.h>

/* The cell as a table, with what may be said of the best. */
void campaign_print_cell(FILE *stream, const json_t *document, const char *cell);

#endif
