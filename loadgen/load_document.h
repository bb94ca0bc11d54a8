/* The result of a load as JSON and as text. */
#ifndef LOADGEN_LOAD_DOCUMENT_H
#define LOADGEN_LOAD_DOCUMENT_H

#include "loadgen/load.h"

#include <jansson.h>
#include <stdio.h>

/* Of the engine that the load uses, and of what it says. */
const char *load_engine_name(const struct load_plan *plan);
const char *load_protocol_name(const struct load_plan *plan);

/* New objects under the names of the run document; the caller owns them. */
json_t *load_describe_cell(const struct load_plan *plan);
json_t *load_describe_clients(const struct load_plan *plan, const struct load_totals *totals);
json_t *load_describe_requests(const struct load_totals *totals);

/* One entry of a run document's "results": all of the above, throughput and latencies. */
json_t *load_describe(const struct load_plan *plan, const struct load_result *result);

/* A few lines for people. */
void load_print(FILE *stream, const struct load_plan *plan, const struct load_result *result);

/* One line for each kind of failure, each beginning with `indent`. */
void load_print_failures(FILE *stream, const char *indent, const struct failures *failures);

#endif
