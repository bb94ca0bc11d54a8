#include "results/document/run_kind.h"

#include <stddef.h>

const char *const run_kind_names[] = {
    [RUN_LOAD] = "load", [RUN_BENCH] = "bench", [RUN_COMPARE] = "compare", [RUN_KINDS] = NULL};
