#include "base/socket.h"

#include "base/address.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

static int close_and_report(int fd)
{
    int failure = -errno;
    close(fd);
    return failure;
}

static int open_listener(bool shares_port, const struct address *address, int backlog)
{
    int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    int yes = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0 ||
        (shares_port && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes) < 0) ||
        bind(fd, &address->any, address->length_bytes) < 0 || listen(fd, backlog) < 0)
        return close_and_report(fd);
    return fd;
}

int socket_listen(const struct address *address, int backlog)
{
    return open_listener(false, address, backlog);
}

int socket_listen_beside(const struct address *address, int backlog)
{
    return open_listener(true, address, backlog);
}

/* connect(2) chooses the port, and may then take one already in use towards another server. */
static int bind_source(int fd, const struct address *source)
{
    int yes = 1;
    return setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes) < 0
               ? -1
               : bind(fd, &source->any, source->length_bytes);
}

int socket_connect_start(const struct address *address, const struct address *source,
                         int receive_bytes)
{
    int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    if ((source != NULL && bind_source(fd, source) < 0) ||
        (receive_bytes > 0 &&
         setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes) < 0))
        return close_and_report(fd);
    if (connect(fd, &address->any, address->length_bytes) < 0 && errno != EINPROGRESS)
        return close_and_report(fd);
    return fd;
}

int socket_error(int fd)
{
    int error = 0;
    socklen_t size_bytes = sizeof error;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size_bytes) < 0)
        return -errno;
    return -error;
}

int socket_send_at_once(int fd)
{
    int yes = 1;
    return setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) < 0 ? -errno : 0;
}

int socket_limit_unsent(int fd, int bytes)
{
    int set = setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &bytes, sizeof bytes);
    return set < 0 ? -errno : 0;
}

int socket_set_nonblocking(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    return flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ? -errno : 0;
}

void socket_reset(int fd)
{
    struct linger abort_at_close = {.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort_at_close, sizeof abort_at_close);
    close(fd);
}

static void only_interrupt(int number)
{
    (void)number;
}

/* To look whether it lingers, or to tell it not to, would not help: its owner may set that at any
 * time, and needs it. A signal ends the sleep; more follow, as the first may come too early. */
void socket_close_copy(int fd)
{
    static const struct itimerval soon = {.it_value.tv_usec = 1000, .it_interval.tv_usec = 1000};
    static const struct itimerval never = {0};
    static bool has_handler;
    if (!has_handler) {
        const struct sigaction action = {.sa_handler = only_interrupt};
        sigset_t alarms;
        sigemptyset(&alarms);
        sigaddset(&alarms, SIGALRM);
        sigaction(SIGALRM, &action, NULL);
        sigprocmask(SIG_UNBLOCK, &alarms, NULL);
        has_handler = true;
    }
    setitimer(ITIMER_REAL, &soon, NULL);
    close(fd);
    setitimer(ITIMER_REAL, &never, NULL);
}

size_t socket_raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return 1024;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
    return (size_t)limit.rlim_cur;
}
