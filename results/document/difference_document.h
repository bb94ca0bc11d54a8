/* A difference of two runs as a document and as text. */
#ifndef RESULTS_DOCUMENT_DIFFERENCE_DOCUMENT_H
#define RESULTS_DOCUMENT_DIFFERENCE_DOCUMENT_H

#include "results/document/difference.h"

#include <jansson.h>
#include <stdio.h>

#define SCHEMA_DIFFERENCE "proctor.diff/1"

/* What is unlike, a line each: "kernel: 6.1.0 / 6.5.0". The caller frees. */
char *difference_unlike_text(const struct difference *difference);

/* For people. */
void difference_print(const struct difference *difference, FILE *stream);

/* A new document of SCHEMA_DIFFERENCE; the caller owns it. */
json_t *difference_describe(const struct difference *difference);

#endif
