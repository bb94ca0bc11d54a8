#include "base/io_uring_support.h"

#include "base/ring.h"

#include <errno.h>
#include <string.h>

const char *io_uring_reason(int error)
{
    switch (error) {
    case -EPERM:
    case -EACCES:
        return "this kernel or container forbids io_uring";
    case -ENOSYS:
    case -EINVAL:
        return "this kernel is too old: io_uring with buffer rings came with Linux 5.19";
    case -ENOMEM:
        return "no locked memory is left: all rings of a user share what 'ulimit -l' allows";
    default:
        return strerror(-error);
    }
}

int io_uring_check(const char **reason)
{
    struct ring ring;
    int error = ring_open(&ring);
    if (error < 0) {
        *reason = io_uring_reason(error);
        return error;
    }
    /* Multishot receive cannot be asked for by name; SEND_ZC came with the same kernel, 6.0. */
    struct io_uring_probe *probe = io_uring_get_probe_ring(&ring.ring);
    if (probe == NULL || !io_uring_opcode_supported(probe, IORING_OP_SEND_ZC)) {
        *reason = "this kernel is too old: multishot receive came with Linux 6.0";
        error = -ENOSYS;
    }
    io_uring_free_probe(probe);
    ring_close(&ring);
    return error;
}
