/* A comparison as a run document. */
#ifndef BENCH_COMPARE_DOCUMENT_H
#define BENCH_COMPARE_DOCUMENT_H

#include "bench/compare/compared.h"

#include <jansson.h>

/* A new run document; the caller owns it. */
json_t *comparison_describe(const struct comparison *comparison);

#endif
