/* JSON for files and for standard output, which may be the log of a CI job. */
#ifndef TEXT_JSON_DUMP_H
#define TEXT_JSON_DUMP_H

#include "base/bytes.h"

#include <jansson.h>

/* Appends the document, as jansson's `flags` say. What is a command wherever in a line it stands
 * (sanitise_completes_command()) and what no text may show (text/printable.h) gets an escape: to
 * whoever reads JSON it is the same. */
void json_append(struct bytes *out, const json_t *document, size_t flags);

#endif
