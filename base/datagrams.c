/* Theory of operation: a socket that is connected would be told of refusals, but would never see an
 * answer that comes from another port than it was sent to, which is a usual mistake. So ours are
 * not connected, and ask for errors (IP_RECVERR); these wait in a queue of their own, which has to
 * be emptied, or poll(2) returns at once for ever.
 */
#include "base/datagrams.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* What one costs us besides its bytes. */
#define EACH_BYTES ((size_t)64)

#define ROOM_NS (500 * NS_PER_MS)

int datagrams_prepare(int fd)
{
    const int yes = 1;
    int domain = 0;
    socklen_t size = sizeof domain;
    if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) < 0)
        return -errno;
    bool is_v6 = domain == AF_INET6;
    if (is_v6 && setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &yes, sizeof yes) < 0)
        return -errno;
    if (setsockopt(fd, IPPROTO_IP, IP_RECVERR, &yes, sizeof yes) < 0 && !is_v6)
        return -errno;
    return socket_set_nonblocking(fd);
}

static bool is_refusal(int error)
{
    return error == ECONNREFUSED;
}

/* Forgets errors of what was sent before: the next call would return one instead of doing its work.
 */
static void forget_errors(int fd)
{
    char data[1];
    struct msghdr message = {.msg_iov = &(struct iovec){data, sizeof data}, .msg_iovlen = 1};
    while (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0)
        continue;
    socket_error(fd);
}

int datagrams_send(int fd, const struct address *to, const void *data, size_t count)
{
    int64_t end_ns = clock_now_ns() + ROOM_NS;
    forget_errors(fd);
    for (;;) {
        ssize_t sent =
            sendto(fd, data, count, MSG_NOSIGNAL | MSG_DONTWAIT, &to->any, to->length_bytes);
        if (sent >= 0)
            return 0;
        if (is_refusal(errno))
            forget_errors(fd);
        else if (errno == EAGAIN)
            poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, clock_timeout_ms(end_ns));
        else if (errno != EINTR)
            return -errno;
        if (clock_now_ns() >= end_ns)
            return -EAGAIN;
    }
}

static void add(struct datagrams *datagrams, const void *data, size_t count,
                const struct address *from)
{
    datagrams->all = grow_by_one(datagrams->all, datagrams->count, sizeof *datagrams->all);
    struct datagram *one = &datagrams->all[datagrams->count++];
    *one = (struct datagram){.from = *from};
    bytes_append(&one->data, data, count);
    datagrams->bytes += count + EACH_BYTES;
}

int datagrams_receive(struct datagrams *datagrams, int fd, size_t most_bytes)
{
    char data[UINT16_MAX];
    int count = 0;
    while (datagrams->bytes < most_bytes) {
        struct address from = {.length_bytes = sizeof from.v6};
        ssize_t length =
            recvfrom(fd, data, sizeof data, MSG_DONTWAIT, &from.any, &from.length_bytes);
        if (length < 0 && is_refusal(errno)) {
            forget_errors(fd);
            return count > 0 ? count : -ECONNREFUSED;
        }
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0)
            break;
        add(datagrams, data, (size_t)length, &from);
        count++;
    }
    return count;
}

bool datagrams_take(struct datagrams *datagrams, struct datagram *first)
{
    if (datagrams->count == 0)
        return false;
    *first = datagrams->all[0];
    datagrams->bytes -= first->data.length + EACH_BYTES;
    datagrams->count--;
    memmove(datagrams->all, datagrams->all + 1, datagrams->count * sizeof *datagrams->all);
    return true;
}

void datagrams_release(struct datagrams *datagrams)
{
    for (size_t i = 0; i < datagrams->count; i++)
        bytes_release(&datagrams->all[i].data);
    free(datagrams->all);
    *datagrams = (struct datagrams){0};
}
