/* Is a JSON value a run document that the rest of results/ can rely on? */
#ifndef RESULTS_DOCUMENT_RUN_SCHEMA_H
#define RESULTS_DOCUMENT_RUN_SCHEMA_H

#include <jansson.h>

/* NULL if it is one; otherwise its first fault, "results[3].throughput_per_s: is not a number",
 * which the caller frees. */
char *run_schema_fault(const json_t *document);

#endif
