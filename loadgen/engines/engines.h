/* The engines there are, by name. */
#ifndef LOADGEN_ENGINES_ENGINES_H
#define LOADGEN_ENGINES_ENGINES_H

#include "loadgen/worker/engine.h"

/* NULL: none has that name. */
const struct engine *engine_find(const char *name);

#endif
