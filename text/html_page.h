/* What all HTML pages share: they are self-contained, follow the reader's light or dark setting,
 * print well, and are well-formed XML too. They load nothing; a script runs only if the head says
 * so, and only one within the page. */
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

/* Everything before the page's own content. */
void html_page_begin(struct bytes *out, const struct html_head *head);

void html_page_end(struct bytes *out);

#endif
