/* Stands in for model_io_uring.c and ring*.c where liburing is missing or older than 2.3. */
#include "servers/io_uring_support.h"
#include "servers/server.h"

#include <errno.h>

int io_uring_check(const char **reason)
{
    *reason = "this proctor was built without liburing 2.3 or newer";
    return -ENOSYS;
}

static int serve_nobody(struct service *service)
{
    (void)service;
    return -ENOSYS;
}

const struct server_model model_io_uring = {
    .interface = SERVER_INTERFACE,
    .name = "io_uring",
    .summary = "one ring of completions (not in this build)",
    .needs = MODEL_NEEDS_IO_URING,
    .serve = serve_nobody,
};
