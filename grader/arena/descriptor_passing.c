#include "grader/arena/descriptor_passing.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The control message, aligned as the kernel wants it. */
union control {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
};

int descriptor_send(int socket_fd, const void *message, size_t message_bytes, int fd)
{
    union control control = {0};
    struct iovec data = {.iov_base = (void *)message, .iov_len = message_bytes};
    struct msghdr header = {.msg_iov = &data, .msg_iovlen = 1};
    if (fd >= 0) {
        header.msg_control = &control;
        header.msg_controllen = sizeof control.space;
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(sizeof fd);
        memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
    }
    return sendmsg(socket_fd, &header, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int descriptor_receive(int socket_fd, void *message, size_t message_bytes, int *fd)
{
    union control control = {0};
    struct iovec data = {.iov_base = message, .iov_len = message_bytes};
    struct msghdr header = {
        .msg_iov = &data,
        .msg_iovlen = 1,
        .msg_control = &control,
        .msg_controllen = sizeof control.space,
    };
    *fd = -1;
    ssize_t length = 0;
    do
        length = recvmsg(socket_fd, &header, MSG_CMSG_CLOEXEC);
    while (length < 0 && errno == EINTR);
    if (length < 0)
        return -errno;
    if (length == 0)
        return -EPIPE;
    if (header.msg_flags & MSG_CTRUNC)
        return -EMFILE; /* the descriptor found no place here */
    const struct cmsghdr *first = CMSG_FIRSTHDR(&header);
    if (first != NULL && first->cmsg_type == SCM_RIGHTS)
        memcpy(fd, CMSG_DATA(first), sizeof *fd);
    return (size_t)length == message_bytes ? 0 : -EBADMSG;
}

void descriptor_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}
