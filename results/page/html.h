/* The pieces of HTML that figures are put together from. */
#ifndef RESULTS_PAGE_HTML_H
#define RESULTS_PAGE_HTML_H

#include "base/bytes.h"
#include "text/number.h"

#include <jansson.h>
#include <stddef.h>

/* Styles of series that tell them apart by colour and by shape; they begin anew after so many. */
#define SERIES_STYLES 9

/* Appends the format, in which each %s is a text of others, made harmless; a dash for NULL and for
 * "". There is no other conversion but %%. */
void html_print(struct bytes *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A text, made harmless, cut to `most` characters (at least 1); NULL is a dash. */
void html_cut_text(struct bytes *out, const char *text, size_t most);

/* The same, with the whole text as a tooltip where it was cut. */
void html_short_text(struct bytes *out, const char *text, size_t most);

/* A table with these headings, the last NULL, folded behind `summary` on screens where scripts
 * run. */
void html_table_begin(struct bytes *out, const char *summary, const char *const headings[]);
void html_table_end(struct bytes *out);

/* A row's head and its other cells; numbers as text/number.h writes them. */
void html_row_begin(struct bytes *out, const char *name);
void html_cell_text(struct bytes *out, const char *text);
void html_cell_number(struct bytes *out, enum unit unit, double value, double noise);
void html_cell_change(struct bytes *out, double change, double noise);
void html_cell_interval(struct bytes *out, double low, double high);

/* With the noise beside the value. */
void html_cell_noisy(struct bytes *out, enum unit unit, double value, double noise);
void html_row_end(struct bytes *out);

/* The shapes that html_mark() and charts refer to; once on a page. */
void html_mark_shapes(struct bytes *out);

/* The mark of a series, within a line of text. */
void html_mark(struct bytes *out, size_t series);

/* A document as a data block of this id: nothing in it can end the block. */
void html_document(struct bytes *out, const char *id, const json_t *document);

/* A script of ours. */
void html_script(struct bytes *out, const char *script);

#endif
