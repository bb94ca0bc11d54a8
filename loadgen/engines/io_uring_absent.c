/* Stands in for engine_io_uring.c where liburing is missing or older than 2.3. */
#include "loadgen/worker/engine.h"

#include "base/io_uring_support.h"

const struct engine engine_io_uring = {
    .name = "io_uring",
    .summary = "hands sends and receives to the kernel (not in this build)",
    .check = io_uring_check,
};
