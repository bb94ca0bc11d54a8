#include "observe/diag.h"

#include <errno.h>
#include <string.h>

#define REPLY_BYTES 32768

int diag_dump(int netlink_fd, struct nlmsghdr *request, mnl_cb_t row, void *context)
{
    static _Thread_local unsigned sequence;
    char reply[REPLY_BYTES] __attribute__((aligned(8)));
    request->nlmsg_seq = ++sequence;
    int error = send(netlink_fd, request, request->nlmsg_len, 0) < 0 ? -errno : 0;
    int more = MNL_CB_OK;
    while (error == 0 && more > MNL_CB_STOP) {
        ssize_t length = recv(netlink_fd, reply, sizeof reply, 0);
        if (length < 0 && errno == EINTR)
            continue;
        more = length < 0 ? -1 : mnl_cb_run(reply, (size_t)length, sequence, 0, row, context);
        if (more < 0)
            error = -errno;
    }
    return error;
}

struct address diag_address(unsigned char family, const __be32 host[4], __be16 port)
{
    struct address address = {.length_bytes = sizeof address.v4};
    if (family == AF_INET6) {
        address.length_bytes = sizeof address.v6;
        address.v6.sin6_family = AF_INET6;
        address.v6.sin6_port = port;
        memcpy(&address.v6.sin6_addr, host, sizeof address.v6.sin6_addr);
    } else {
        address.v4.sin_family = AF_INET;
        address.v4.sin_port = port;
        memcpy(&address.v4.sin_addr, host, sizeof address.v4.sin_addr);
    }
    return address;
}
