#include "observe/waiting/models.h"

#include <stddef.h>

const char *const model_names[] = {
    [MODEL_SEQUENTIAL] = "sequential",
    [MODEL_FORK] = "fork",
    [MODEL_PREFORK] = "prefork",
    [MODEL_THREAD] = "thread",
    [MODEL_POOL] = "pool",
    [MODEL_SELECT] = "select",
    [MODEL_POLL] = "poll",
    [MODEL_EPOLL] = "epoll",
    [MODEL_IO_URING] = "io_uring",
    [MODEL_ONE_CLIENT] = "one-client",
    [MODEL_BUSY_LOOP] = "busy loop",
    [MODEL_UNKNOWN] = NULL,
};
