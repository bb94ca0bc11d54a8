/* The engines there are, by name. */
#ifndef LOADGEN_ENGINES_ENGINES_H
#define LOADGEN_ENGINES_ENGINES_H

#include "loadgen/plan/plan.h"
#include "loadgen/worker/engine.h"

/* NULL: none has that name. */
const struct engine *engine_find(const char *name);

/* The one that is known to be cheaper for such a load on this machine, without trying it: by what
 * its kernel has, and by how many clients a thread has. */
const struct engine *engine_choose(const struct load_plan *plan);

#endif
