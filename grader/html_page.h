/* What pages of HTML have in common: they need nothing else, run no script, are light or dark as
 * the reader has it, print well, and are well-formed XML at once. */
#ifndef GRADER_HTML_PAGE_H
#define GRADER_HTML_PAGE_H

#include "base/bytes.h"

#include <jansson.h>

/* Up to the beginning of what the page says. `language` is a tag such as "fr", or anything else;
 * the title is sanitised here. */
void html_page_begin(struct bytes *out, const json_t *language, const struct bytes *title);

void html_page_end(struct bytes *out);

#endif
