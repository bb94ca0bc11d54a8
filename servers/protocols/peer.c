#include "servers/protocols/peer.h"

#include "base/address.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct request {
    struct nlmsghdr header;
    struct inet_diag_req_v2 body;
};

struct answer {
    struct nlmsghdr header;
    union {
        struct inet_diag_msg socket;
        struct nlmsgerr error;
    };
};

static void set_end(const struct address *address, __be32 host[4], __be16 *port)
{
    *port = htons(address_port(address));
    if (address->any.sa_family == AF_INET6)
        memcpy(host, &address->v6.sin6_addr, sizeof address->v6.sin6_addr);
    else
        host[0] = address->v4.sin_addr.s_addr;
}

/* Asks for the one socket that has `local` and `remote` as its ends. */
static int ask(int netlink_fd, const struct address *local, const struct address *remote)
{
    struct request request = {
        .header =
            {
                .nlmsg_len = sizeof request,
                .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                .nlmsg_flags = NLM_F_REQUEST,
            },
        .body =
            {
                .sdiag_family = (__u8)local->any.sa_family,
                .sdiag_protocol = IPPROTO_TCP,
                .idiag_states = ~0U,
                .id.idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE},
            },
    };
    set_end(local, request.body.id.idiag_src, &request.body.id.idiag_sport);
    set_end(remote, request.body.id.idiag_dst, &request.body.id.idiag_dport);
    struct answer answer = {0};
    if (send(netlink_fd, &request, sizeof request, 0) < 0 ||
        recv(netlink_fd, &answer, sizeof answer, 0) < (ssize_t)sizeof answer.header)
        return -errno;
    if (answer.header.nlmsg_type == NLMSG_ERROR)
        return answer.error.error == -ENOENT ? 0 : answer.error.error;
    return answer.socket.idiag_inode != 0;
}

int peer_is_held(int fd)
{
    struct address ours = {0};
    struct address theirs = {0};
    int error = address_of_socket(fd, &ours);
    if (error == 0)
        error = address_of_peer(fd, &theirs);
    if (error < 0)
        return error;
    int netlink_fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (netlink_fd < 0)
        return -errno;
    int held = ask(netlink_fd, &theirs, &ours);
    close(netlink_fd);
    return held;
}
