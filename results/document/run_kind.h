/* What a run document is of. */
#ifndef RESULTS_DOCUMENT_RUN_KIND_H
#define RESULTS_DOCUMENT_RUN_KIND_H

enum run_kind { RUN_LOAD, RUN_BENCH, RUN_COMPARE, RUN_KINDS };

/* "load", "bench", "compare". The last is NULL. */
extern const char *const run_kind_names[];

#endif
