/* Theory of operation: /proc/PID/task/TID/syscall gives the number of the call and its arguments.
 * A table says what each call waits for and which argument holds the descriptor and the time-out.
 * Sets of descriptors are read where the arguments point, in the task's memory; those of an epoll
 * set stand in its fdinfo. The numbers come from the compiler's <sys/syscall.h>, so the table
 * fits every architecture; calls that one does not have are left out.
 */
#include "observe/wait.h"

#include "base/socket.h"
#include "observe/descriptor.h"
#include "observe/proc.h"
#include "observe/task.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL /* include/uapi/linux/pidfd.h */
#endif

/* Linux 5.11 and later, include/uapi/linux/io_uring.h; written out, as not every build has it. */
#define RING_ENTER_EXT_ARG (1U << 3)
#define RING_LIMIT_OFFSET  16

enum waited_on {
    ON_NOTHING,
    ON_DESCRIPTOR,
    ON_FIRST_AND_SECOND, /* arguments are descriptors: between which bytes are moved */
    ON_FIRST_AND_THIRD,
    ON_POLL_SET,
    ON_SELECT_SETS,
    ON_EPOLL,
};

enum time_limit {
    NO_LIMIT,
    LIMIT_MS,       /* an int of milliseconds, negative for none */
    LIMIT_TIMESPEC, /* a pointer to seconds and nanoseconds, NULL for none */
    LIMIT_TIMEVAL,  /* a pointer to seconds and microseconds, NULL for none */
    LIMIT_CLOCK,    /* of clock_nanosleep: a clock, flags, and a timespec, perhaps absolute */
    LIMIT_FUTEX,    /* as LIMIT_TIMESPEC, relative or absolute by its operation */
    LIMIT_SOCKET,   /* SO_RCVTIMEO or SO_SNDTIMEO of the descriptor */
    LIMIT_RING,     /* of io_uring_enter: behind its extended argument, if it has one */
    LIMIT_ALWAYS,
};

struct call {
    long number;
    const char *name;
    enum wait_kind kind;
    enum waited_on waited_on;
    enum time_limit limit;
    int limit_argument; /* which argument holds it; for LIMIT_SOCKET the socket option */
};

static const struct call calls[] = {
    {SYS_accept, "accept", WAIT_ACCEPT, ON_DESCRIPTOR, LIMIT_SOCKET, SO_RCVTIMEO},
    {SYS_accept4, "accept4", WAIT_ACCEPT, ON_DESCRIPTOR, LIMIT_SOCKET, SO_RCVTIMEO},
    {SYS_read, "read", WAIT_RECEIVE, ON_DESCRIPTOR, LIMIT_SOCKET, SO_RCVTIMEO},
    {SYS_readv, "readv", WAIT_RECEIVE, ON_DESCRIPTOR, LIMIT_SOCKET, SO_RCVTIMEO},
    {SYS_recvfrom, "recvfrom", WAIT_RECEIVE, ON_DESCRIPTOR, LIMIT_SOCKET, SO_RCVTIMEO},
    {SYS_recvmsg, "recvmsg", WAIT_RECEIVE, ON_DESCRIPTOR, LIMIT_SOCKET, SO_RCVTIMEO},
    {SYS_recvmmsg, "recvmmsg", WAIT_RECEIVE, ON_DESCRIPTOR, LIMIT_TIMESPEC, 4},
    {SYS_write, "write", WAIT_SEND, ON_DESCRIPTOR, LIMIT_SOCKET, SO_SNDTIMEO},
    {SYS_writev, "writev", WAIT_SEND, ON_DESCRIPTOR, LIMIT_SOCKET, SO_SNDTIMEO},
    {SYS_sendto, "sendto", WAIT_SEND, ON_DESCRIPTOR, LIMIT_SOCKET, SO_SNDTIMEO},
    {SYS_sendmsg, "sendmsg", WAIT_SEND, ON_DESCRIPTOR, LIMIT_SOCKET, SO_SNDTIMEO},
    {SYS_preadv2, "preadv2", WAIT_RECEIVE, ON_DESCRIPTOR, LIMIT_SOCKET, SO_RCVTIMEO},
    {SYS_pwritev2, "pwritev2", WAIT_SEND, ON_DESCRIPTOR, LIMIT_SOCKET, SO_SNDTIMEO},
    {SYS_sendmmsg, "sendmmsg", WAIT_SEND, ON_DESCRIPTOR, LIMIT_SOCKET, SO_SNDTIMEO},
    {SYS_sendfile, "sendfile", WAIT_SEND, ON_FIRST_AND_SECOND, LIMIT_SOCKET, SO_SNDTIMEO},
    {SYS_splice, "splice", WAIT_RECEIVE, ON_FIRST_AND_THIRD, LIMIT_SOCKET, SO_RCVTIMEO},
    {SYS_tee, "tee", WAIT_RECEIVE, ON_FIRST_AND_SECOND, NO_LIMIT, 0},
    {SYS_ppoll, "ppoll", WAIT_READY, ON_POLL_SET, LIMIT_TIMESPEC, 2},
    {SYS_pselect6, "pselect6", WAIT_READY, ON_SELECT_SETS, LIMIT_TIMESPEC, 4},
    {SYS_epoll_pwait, "epoll_pwait", WAIT_READY, ON_EPOLL, LIMIT_MS, 3},
    {SYS_epoll_pwait2, "epoll_pwait2", WAIT_READY, ON_EPOLL, LIMIT_TIMESPEC, 3},
#ifdef SYS_poll
    {SYS_poll, "poll", WAIT_READY, ON_POLL_SET, LIMIT_MS, 2},
    {SYS_select, "select", WAIT_READY, ON_SELECT_SETS, LIMIT_TIMEVAL, 4},
    {SYS_epoll_wait, "epoll_wait", WAIT_READY, ON_EPOLL, LIMIT_MS, 3},
    {SYS_pause, "pause", WAIT_OTHER, ON_NOTHING, NO_LIMIT, 0},
#endif
    {SYS_io_uring_enter, "io_uring_enter", WAIT_RING, ON_DESCRIPTOR, LIMIT_RING, 4},
    {SYS_wait4, "wait4", WAIT_CHILD, ON_NOTHING, NO_LIMIT, 0},
    {SYS_waitid, "waitid", WAIT_CHILD, ON_NOTHING, NO_LIMIT, 0},
    {SYS_futex, "futex", WAIT_LOCK, ON_NOTHING, LIMIT_FUTEX, 3},
    {SYS_nanosleep, "nanosleep", WAIT_TIME, ON_NOTHING, LIMIT_TIMESPEC, 0},
    {SYS_clock_nanosleep, "clock_nanosleep", WAIT_TIME, ON_NOTHING, LIMIT_CLOCK, 2},
    {SYS_rt_sigsuspend, "rt_sigsuspend", WAIT_OTHER, ON_NOTHING, NO_LIMIT, 0},
    {SYS_rt_sigtimedwait, "rt_sigtimedwait", WAIT_OTHER, ON_NOTHING, LIMIT_TIMESPEC, 2},
    {SYS_restart_syscall, "restart_syscall", WAIT_OTHER, ON_NOTHING, LIMIT_ALWAYS, 0},
};

#define POLL_SET_MAX 65536 /* entries: what lies beyond is left out */

#define FAR_AWAY_S 4000000000LL /* past any clock, and in nanoseconds still a number */

static const struct call *find_call(long number)
{
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        if (calls[i].number == number)
            return &calls[i];
    return NULL;
}

/* Copies from the task's memory; false if it cannot be read. */
static bool peek(const struct task *task, uint64_t address, void *copy, size_t size_bytes)
{
    struct iovec ours = {.iov_base = copy, .iov_len = size_bytes};
    struct iovec theirs = {.iov_base = (void *)(uintptr_t)address, .iov_len = size_bytes};
    return process_vm_readv(task->tid, &ours, 1, &theirs, 1, 0) == (ssize_t)size_bytes;
}

/*** Time-outs ***/

/* A task may run on while its memory is read; what is not a valid time then is not a time-out. */
static bool is_time(const struct timespec *time)
{
    return time->tv_sec >= 0 && time->tv_sec < FAR_AWAY_S && time->tv_nsec >= 0 &&
           time->tv_nsec < 1000000000;
}

static int64_t nanoseconds(const struct timespec *time)
{
    return (int64_t)time->tv_sec * 1000000000 + time->tv_nsec;
}

/* Copies a timespec from the task's memory; false if it cannot be read or is none. */
static bool peek_time(const struct task *task, uint64_t address, struct timespec *time)
{
    return peek(task, address, time, sizeof *time) && is_time(time);
}

/* Only these operations of a futex have a time-out as their fourth argument. */
static bool is_futex_wait(uint64_t operation)
{
    int command = (int)operation & FUTEX_CMD_MASK;
    return command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET;
}

/* Does the call name a moment, not how long? Its second argument says so: of a futex,
 * FUTEX_WAIT_BITSET takes a moment. */
static bool names_a_moment(const struct task *task, enum time_limit limit)
{
    uint64_t how = task->arguments[1];
    return (limit == LIMIT_CLOCK && how & TIMER_ABSTIME) ||
           (limit == LIMIT_FUTEX && ((int)how & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET);
}

/* What the clock of such a moment shows. */
static int64_t clock_of_moment_ns(const struct task *task, enum time_limit limit)
{
    struct timespec now = {0};
    clockid_t clock = limit == LIMIT_CLOCK                        ? (clockid_t)task->arguments[0]
                      : task->arguments[1] & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME
                                                                  : CLOCK_MONOTONIC;
    clock_gettime(clock, &now);
    return nanoseconds(&now);
}

/* Where struct io_uring_getevents_arg, which the extended argument of io_uring_enter(2) points to,
 * keeps the address of the time-out; 0: none. */
static uint64_t ring_limit_address(const struct task *task)
{
    uint64_t address = 0;
    if (task->arguments[3] & RING_ENTER_EXT_ARG)
        peek(task, task->arguments[4] + RING_LIMIT_OFFSET, &address, sizeof address);
    return address;
}

/* The time that a call points to. */
static void read_pointed_limit(struct wait *wait, const struct task *task, enum time_limit kind,
                               uint64_t address)
{
    struct timespec limit = {0};
    wait->is_timed = address != 0 && (kind != LIMIT_FUTEX || is_futex_wait(task->arguments[1]));
    if (!wait->is_timed || !peek_time(task, address, &limit))
        return;
    if (kind == LIMIT_TIMEVAL)
        limit.tv_nsec *= 1000;
    wait->is_left = names_a_moment(task, kind);
    wait->timeout_ns = nanoseconds(&limit) - (wait->is_left ? clock_of_moment_ns(task, kind) : 0);
}

/* SO_RCVTIMEO or SO_SNDTIMEO of the task's socket, looked up through a copy of its descriptor; -1:
 * none. */
static int64_t socket_limit_ns(const struct task *task, int option)
{
    struct timeval limit = {0};
    socklen_t limit_bytes = sizeof limit;
    /* What is no socket has no such limit, and to close a copy of it might take long. */
    if (descriptor_socket_inode(task->tid, (int)task->arguments[0]) == 0)
        return -1;
    int process = (int)syscall(SYS_pidfd_open, task->tid, PIDFD_THREAD);
    if (process < 0) /* older than Linux 6.9: only processes have such descriptors */
        process = (int)syscall(SYS_pidfd_open, task->pid, 0);
    int copy = (int)syscall(SYS_pidfd_getfd, process, (int)task->arguments[0], 0);
    int found = copy < 0 ? -1 : getsockopt(copy, SOL_SOCKET, option, &limit, &limit_bytes);
    if (copy >= 0)
        socket_close_copy(copy);
    if (process >= 0)
        close(process);
    if (found < 0 || (limit.tv_sec == 0 && limit.tv_usec == 0))
        return -1;
    struct timespec precise = {.tv_sec = limit.tv_sec, .tv_nsec = limit.tv_usec * 1000};
    return is_time(&precise) ? nanoseconds(&precise) : -1;
}

static void read_limit(struct wait *wait, const struct task *task, const struct call *call)
{
    uint64_t argument = call->limit == LIMIT_SOCKET ? 0 : task->arguments[call->limit_argument];
    switch (call->limit) {
    case NO_LIMIT:
        break;
    case LIMIT_MS:
        wait->timeout_ns = (int32_t)argument < 0 ? -1 : (int64_t)(int32_t)argument * 1000000;
        wait->is_timed = (int32_t)argument >= 0;
        break;
    case LIMIT_TIMESPEC:
    case LIMIT_TIMEVAL:
    case LIMIT_CLOCK:
    case LIMIT_FUTEX:
        read_pointed_limit(wait, task, call->limit, argument);
        break;
    case LIMIT_RING:
        read_pointed_limit(wait, task, call->limit, ring_limit_address(task));
        break;
    case LIMIT_SOCKET:
        wait->timeout_ns = socket_limit_ns(task, call->limit_argument);
        wait->is_timed = wait->timeout_ns >= 0;
        break;
    case LIMIT_ALWAYS:
        wait->is_timed = true;
        break;
    }
}

/*** Descriptors ***/

/* Each of these calls `visit` with what the task waits on until it returns true. */

static void each_of_poll_set(const struct task *task, wait_descriptor_function *visit,
                             void *context)
{
    uint64_t count = task->arguments[1];
    for (uint64_t i = 0; i < count && i < POLL_SET_MAX; i++) {
        struct pollfd entry;
        if (peek(task, task->arguments[0] + i * sizeof entry, &entry, sizeof entry) &&
            entry.fd >= 0 && visit(entry.fd, 0, context))
            return;
    }
}

/* The kernel overwrites the sets only on its way out, so a sleeper's are as it passed them. */
static void each_of_select_sets(const struct task *task, wait_descriptor_function *visit,
                                void *context)
{
    for (int set = 1; set <= 2; set++) {
        uint64_t address = task->arguments[set];
        fd_set members;
        if (address == 0)
            continue;
        int limit = (int)task->arguments[0] < FD_SETSIZE ? (int)task->arguments[0] : FD_SETSIZE;
        FD_ZERO(&members);
        if (!peek(task, address, &members, (size_t)(limit + 63) / 64 * 8))
            continue;
        for (int fd = 0; fd < limit; fd++)
            if (FD_ISSET(fd, &members) && visit(fd, 0, context))
                return;
    }
}

/* A line is "tfd: 5 events: 19 data: 5  pos:0 ino:1c4d3 sdev:8" (fs/eventpoll.c); the inode is that
 * of the file behind the descriptor. */
static void each_of_epoll_set(const struct task *task, wait_descriptor_function *visit,
                              void *context)
{
    char path[64];
    char line[256];
    snprintf(path, sizeof path, "/proc/%d/fdinfo/%d", task->tid, (int)task->arguments[0]);
    FILE *file = fopen(path, "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        const char *target = strstr(line, "tfd:");
        const char *inode = strstr(line, "ino:");
        if (target != NULL &&
            visit((int)strtol(target + strlen("tfd:"), NULL, 10),
                  inode != NULL ? (unsigned)strtoul(inode + strlen("ino:"), NULL, 16) : 0, context))
            break;
    }
    if (file != NULL)
        fclose(file);
}

static void each_argument(const struct task *task, int other, wait_descriptor_function *visit,
                          void *context)
{
    if ((int)task->arguments[0] >= 0 && visit((int)task->arguments[0], 0, context))
        return;
    if (other > 0 && (int)task->arguments[other] >= 0)
        visit((int)task->arguments[other], 0, context);
}

static void each_descriptor(const struct call *call, const struct task *task,
                            wait_descriptor_function *visit, void *context)
{
    switch (call->waited_on) {
    case ON_NOTHING:
        break;
    case ON_DESCRIPTOR:
        each_argument(task, 0, visit, context);
        break;
    case ON_FIRST_AND_SECOND:
        each_argument(task, 1, visit, context);
        break;
    case ON_FIRST_AND_THIRD:
        each_argument(task, 2, visit, context);
        break;
    case ON_POLL_SET:
        each_of_poll_set(task, visit, context);
        break;
    case ON_SELECT_SETS:
        each_of_select_sets(task, visit, context);
        break;
    case ON_EPOLL:
        each_of_epoll_set(task, visit, context);
        break;
    }
}

void wait_each_descriptor(const struct task *task, wait_descriptor_function *visit, void *context)
{
    const struct call *call = task->call < 0 ? NULL : find_call(task->call);
    if (call != NULL)
        each_descriptor(call, task, visit, context);
}

static bool add_descriptor(int fd, unsigned inode, void *context)
{
    struct wait *wait = context;
    (void)inode;
    wait->descriptors[wait->descriptor_count++] = fd;
    return wait->descriptor_count == WAIT_DESCRIPTORS_MAX;
}

/* Reads all but the time limit. The call, if it is in the table and the task waits at all. */
static const struct call *read_call(struct wait *wait, const struct task *task)
{
    *wait = (struct wait){.kind = WAIT_NOTHING, .timeout_ns = -1};
    if (task->call < 0)
        return NULL;
    const struct call *call = find_call(task->call);
    wait->kind = call != NULL ? call->kind : WAIT_OTHER;
    if (call == NULL)
        return NULL;
    wait->call = call->name;
    each_descriptor(call, task, add_descriptor, wait);
    return call;
}

void wait_read_without_limit(struct wait *wait, const struct task *task)
{
    read_call(wait, task);
}

void wait_read(struct wait *wait, const struct task *task)
{
    const struct call *call = read_call(wait, task);
    if (call != NULL)
        read_limit(wait, task, call);
}

bool wait_is_on_socket(const struct wait *wait, const struct task *task, unsigned inode)
{
    if (inode == 0)
        return false;
    for (size_t i = 0; i < wait->descriptor_count; i++)
        if (descriptor_socket_inode(task->tid, wait->descriptors[i]) == inode)
            return true;
    return false;
}
