/* Stands in for io_uring_support.c where liburing is missing or older than 2.3. */
#include "base/io_uring_support.h"

#include <string.h>

#include <errno.h>

int io_uring_check(const char **reason)
{
    *reason = "this proctor was built without liburing 2.3 or newer";
    return -ENOSYS;
}

const char *io_uring_reason(int error)
{
    return strerror(-error);
}
