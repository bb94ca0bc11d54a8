/* A difference of two runs as a document and as text. */
#ifndef RESULTS_DOCUMENT_DIFFERENCE_DOCUMENT_H
#define RESULTS_DOCUMENT_DIFFERENCE_DOCUMENT_H

#include "base/bytes.h"
#include "results/document/difference.h"

#include <jansson.h>

#define SCHEMA_DIFFERENCE "proctor.diff/1"

/* What is unlike, a line each: "kernel: 6.1.0 / 6.5.0". */
void difference_print_unlike(const struct difference *difference, struct bytes *out);

/* For people. */
void difference_print(const struct difference *difference, struct bytes *out);

/* A new document of SCHEMA_DIFFERENCE; the caller owns it. */
json_t *difference_describe(const struct difference *difference);

#endif
