#include "tests/support/exceptions.h"

#include <stddef.h>
#include <string.h>

static const struct exception {
    const char *test;
    const char *model;
    const char *reason;
} exceptions[] = {
    {"many clients", "sequential", "serves one client at a time"},
    {"many clients", "prefork", "serves as many clients at a time as it has workers"},
    {"many clients", "pool", "serves as many clients at a time as it has workers"},
    {"out of descriptors", "sequential", "holds one client at a time"},
    {"out of descriptors", "prefork", "holds as many clients at a time as it has workers"},
    {"out of descriptors", "pool", "serves as many clients at a time as it has workers"},
    {"out of descriptors", "fork", "each client has a process, with a limit, of its own"},
    {"stalls nobody", "sequential",
     "whoever is served keeps the others waiting: that is the model"},
    {"stalls nobody", "prefork", "whoever is served keeps the others from a worker"},
    {"stalls nobody", "pool", "whoever is served keeps the others from a worker"},
    {"limit of clients", "sequential", "its limit is one, and the others wait"},
    {"limit of clients", "prefork", "its limit is --workers, and the others wait"},
    {"limit of clients", "select", "its limit is FD_SETSIZE; see the test with many clients"},
    {"limit of clients", "poll", "its limit is that of descriptors"},
    {"limit of clients", "epoll", "its limit is that of descriptors"},
    {"limit of clients", "io_uring", "its limit is that of descriptors"},
    {"few workers", "sequential", "has no workers"},
    {"few workers", "fork", "has a worker for each client"},
    {"few workers", "thread", "has a worker for each client"},
    {"few workers", "select", "its one loop serves all"},
    {"few workers", "poll", "its one loop serves all"},
    {"few workers", "epoll", "each of its loops serves many"},
    {"few workers", "io_uring", "each of its loops serves many"},
    {"heard by others", "sequential", "there is never anybody else to hear it"},
    {"several at once", "sequential", "there is never more than one"},
};

const char *exception_of(const char *test, const char *model)
{
    for (size_t i = 0; i < sizeof exceptions / sizeof exceptions[0]; i++)
        if (strcmp(exceptions[i].test, test) == 0 && strcmp(exceptions[i].model, model) == 0)
            return exceptions[i].reason;
    return NULL;
}
