#include "text/html_page.h"

#include "text/sanitise.h"

#include <ctype.h>

/* Long words of strangers break anywhere, and those of ours, in heads and short cells, nowhere. On
 * a narrow screen a table is wider than the page where it must be, and is moved by itself. */
static const char style[] =
    ":root { color-scheme: light dark; --ink: #1d1f23; --paper: #fff; --faint: #5c6370;\n"
    "  --rule: #d4d8df; --block: #f4f5f7; --pass: #176b34; --fail: #b3261e; --open: #8a5300;\n"
    "  --link: #0b57d0; }\n"
    "@media (prefers-color-scheme: dark) { :root { --ink: #e4e6ea; --paper: #16181c;\n"
    "  --faint: #a3aab6; --rule: #3a3f48; --block: #22252b; --pass: #6fd08c; --fail: #ff8a80;\n"
    "  --open: #f0b45a; --link: #8ab4f8; } }\n"
    "body { margin: 0; background: var(--paper); color: var(--ink);\n"
    "  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word; }\n"
    "a { color: var(--link); }\n"
    "main { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }\n"
    "h1 { margin: 0; } h2 { margin: 2rem 0 .3rem; font-size: 1.15rem; }\n"
    ".about, figcaption { color: var(--faint); } code { overflow-wrap: anywhere; }\n"
    ".score { font-size: 1.4rem; border-left: .4rem solid; padding-left: .8rem; }\n"
    ".pass { color: var(--pass); } .fail, .partial { color: var(--fail); }\n"
    ".inconclusive, .skipped, .error { color: var(--open); }\n"
    "table { border-collapse: collapse; width: 100%; }\n"
    "th, td { text-align: left; vertical-align: top; padding: .25rem .6rem;\n"
    "  border-bottom: 1px solid var(--rule); }\n"
    "thead th, .points, .time { white-space: nowrap; } td { overflow-wrap: anywhere; }\n"
    ".short { overflow-wrap: break-word; } .points, .time { text-align: right; }\n"
    "td abbr { text-decoration: none; } figure td:last-child { min-width: 8rem; }\n"
    "tbody th { min-width: 7rem; overflow-wrap: anywhere; }\n"
    "pre { background: var(--block); padding: .5rem .7rem; margin: .3rem 0; border-radius: .3rem;\n"
    "  white-space: pre-wrap; overflow-wrap: anywhere; font-size: .875rem; }\n"
    ".hint { border-left: .2rem solid var(--rule); padding-left: .7rem; white-space: pre-wrap; }\n"
    "figure { margin: 2rem 0; } .scrolls { overflow-x: auto; }\n"
    "svg text { font: 12px system-ui, sans-serif; fill: var(--ink); }\n"
    "svg text.event { fill: var(--paper); text-anchor: middle; }\n"
    "svg text.last { text-anchor: end; }\n"
    "svg rect.wait { fill: var(--block); stroke: var(--faint); }\n"
    "svg .lane { stroke: var(--rule); } svg circle.event { fill: var(--ink); }\n"
    "@media (max-width: 40rem) { main { padding: 1rem; } h1 { font-size: 1.5rem; }\n"
    "  .score { font-size: 1.15rem; } th, td { padding: .25rem .35rem; } figure { margin: 1rem 0; "
    "}\n"
    "  figure table { font-size: .875rem; } tbody th { min-width: 5.5rem; } }\n"
    "@media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --faint: #444;\n"
    "  --rule: #999; --block: #fff; --pass: #000; --fail: #000; --open: #000; --link: #000; }\n"
    "  main { max-width: none; padding: 0; } pre { border: 1px solid var(--rule); }\n"
    "  h2, figcaption { break-after: avoid; } tr, pre, svg { break-inside: avoid; }\n"
    "  svg circle.event { fill: #fff; stroke: #000; } svg text.event { fill: #000; }\n"
    "  .scrolls { overflow: visible; } svg { max-width: 100%; height: auto; } }\n";

/* A tag of a language is letters, digits and hyphens; what is none is English. */
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
    bytes_print(out, "</title>\n<style>\n%s%s</style>\n</head>\n<body>\n<main>\n", style,
                head->style != NULL ? head->style : "");
}

void html_page_end(struct bytes *out)
{
    bytes_print(out, "</main>\n</body>\n</html>\n");
}
