/* What pages of HTML have in common: they need nothing else, are light or dark as the reader has
 * it, print well, and are well-formed XML at once. Nothing is loaded; a script runs only where the
 * head says so, and only one that stands in the page. */
#ifndef TEXT_HTML_PAGE_H
#define TEXT_HTML_PAGE_H

#include "base/bytes.h"

#include <jansson.h>
#include <stdbool.h>

struct html_head {
    const json_t *language;    /* a tag such as "fr"; anything else is English */
    const struct bytes *title; /* sanitised here */
    const char *style;         /* after what all pages have; or NULL */
    bool runs_script;
};

/* Up to the beginning of what the page says. */
void html_page_begin(struct bytes *out, const struct html_head *head);

void html_page_end(struct bytes *out);

#endif
