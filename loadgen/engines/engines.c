#include "loadgen/engines/engines.h"

#include <stddef.h>
#include <string.h>

static const struct engine *const engines[] = {
    &engine_epoll,
    &engine_io_uring,
    NULL,
};

const struct engine *engine_find(const char *name)
{
    for (const struct engine *const *engine = engines; *engine != NULL; engine++)
        if (strcmp((*engine)->name, name) == 0)
            return *engine;
    return NULL;
}
