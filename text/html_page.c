#include "text/html_page.h"

#include "base/embed.h"
#include "text/sanitise.h"

#include <ctype.h>

/* Long words of others may break anywhere; ours, in headings and short cells, do not break. On a
 * narrow screen a table that is too wide scrolls by itself. */
EMBED(html_page_style, PROCTOR_SOURCES "/text/html_page.css");

/* A language tag is letters, digits and hyphens; anything else counts as English. */
static void append_language(struct bytes *out, const json_t *language)
{
    const char *tag = json_string_value(language);
    size_t length = 0;
    while (tag != NULL && (isalnum((unsigned char)tag[length]) || tag[length] == '-'))
        length++;
    if (length > 0 && length < 36 && length == json_string_length(language))
        bytes_append(out, tag, length);
    else
        bytes_print(out, "en");
}

void html_page_begin(struct bytes *out, const struct html_head *head)
{
    bytes_print(out, "<!DOCTYPE html>\n<html lang=\"");
    append_language(out, head->language);
    bytes_print(out,
                "\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
                "<meta charset=\"utf-8\"/>\n"
                "<meta http-equiv=\"Content-Security-Policy\" "
                "content=\"default-src 'none'; style-src 'unsafe-inline'%s\"/>\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                "<title>",
                head->runs_script ? "; script-src 'unsafe-inline'" : "");
    sanitise(out, bytes_front(head->title), head->title->length, SANITISE_HTML);
    bytes_print(out, "</title>\n<style>\n%s%s</style>\n</head>\n<body>\n<main>\n", html_page_style,
                head->style != NULL ? head->style : "");
}

void html_page_end(struct bytes *out)
{
    bytes_print(out, "</main>\n</body>\n</html>\n");
}
