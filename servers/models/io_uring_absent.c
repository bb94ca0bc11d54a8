/* Stands in for io_uring.c and serving/ring_client.c where liburing 2.3 or newer is missing. */
#include "servers/server.h"

#include <errno.h>

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
