#include "loadgen/worker/acknowledgement.h"

#include <errno.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <time.h> /* which the next one needs */

#include <linux/errqueue.h>

int acknowledgement_ask(int fd)
{
    unsigned what = SOF_TIMESTAMPING_TX_ACK | SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_ID |
                    SOF_TIMESTAMPING_OPT_TSONLY;
    return setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &what, sizeof what) < 0 ? -errno : 0;
}

static const struct sock_extended_err *stamp_in(struct msghdr *message)
{
    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part != NULL;
         part = CMSG_NXTHDR(message, part)) {
        bool is_error = (part->cmsg_level == SOL_IP && part->cmsg_type == IP_RECVERR) ||
                        (part->cmsg_level == SOL_IPV6 && part->cmsg_type == IPV6_RECVERR);
        const struct sock_extended_err *error = (const void *)CMSG_DATA(part);
        if (is_error && error->ee_origin == SO_EE_ORIGIN_TIMESTAMPING)
            return error;
    }
    return NULL;
}

int acknowledgement_read(int fd, uint32_t *bytes)
{
    int found = 0;
    for (;;) {
        _Alignas(struct cmsghdr) char control[256];
        struct msghdr message = {.msg_control = control, .msg_controllen = sizeof control};
        if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
            return errno == EAGAIN ? found : -errno;
        const struct sock_extended_err *stamp = stamp_in(&message);
        if (stamp == NULL)
            continue;
        *bytes = stamp->ee_data + 1; /* it is the place of the last byte */
        found = 1;
    }
}
