#include "base/descriptor_passing.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The control message, aligned as the kernel wants it. */
union control {
    struct cmsghdr header;
    char space[CMSG_SPACE(DESCRIPTORS_PASSED_MAX * sizeof(int))];
};

int descriptors_send(int socket_fd, const void *message, size_t message_bytes, const int *fds,
                     size_t count, int flags)
{
    assert(count <= DESCRIPTORS_PASSED_MAX);
    union control control = {0};
    struct iovec data = {.iov_base = (void *)message, .iov_len = message_bytes};
    struct msghdr header = {.msg_iov = &data, .msg_iovlen = 1};
    if (count > 0) {
        header.msg_control = &control;
        header.msg_controllen = CMSG_SPACE(count * sizeof *fds);
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(count * sizeof *fds);
        memcpy(CMSG_DATA(&control.header), fds, count * sizeof *fds);
    }
    return sendmsg(socket_fd, &header, MSG_NOSIGNAL | flags) < 0 ? -errno : 0;
}

int descriptors_receive(int socket_fd, void *message, size_t room_bytes, int *fds, size_t count)
{
    assert(count <= DESCRIPTORS_PASSED_MAX);
    union control control = {0};
    struct iovec data = {.iov_base = message, .iov_len = room_bytes};
    struct msghdr header = {
        .msg_iov = &data,
        .msg_iovlen = 1,
        .msg_control = &control,
        .msg_controllen = CMSG_LEN(count * sizeof *fds), /* no room for more */
    };
    for (size_t i = 0; i < count; i++)
        fds[i] = -1;
    ssize_t length = 0;
    do
        length = recvmsg(socket_fd, &header, MSG_CMSG_CLOEXEC);
    while (length < 0 && errno == EINTR);
    if (length < 0)
        return -errno;
    if (length == 0)
        return -EPIPE;
    if (header.msg_flags & MSG_CTRUNC)
        return -EMFILE;
    const struct cmsghdr *first = CMSG_FIRSTHDR(&header);
    if (first != NULL && first->cmsg_type == SCM_RIGHTS)
        memcpy(fds, CMSG_DATA(first), first->cmsg_len - CMSG_LEN(0));
    return (int)length;
}

void descriptor_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}
