/* Theory of operation: a process in another network namespace is looked at through a netlink socket
 * that was made there. Who enters a user namespace cannot come back, so a child enters, makes the
 * socket and sends it here.
 */
#include "watch/target/watched.h"

#include "base/clock.h"
#include "base/descriptor_passing.h"
#include "base/process.h"
#include "observe/descriptor.h"
#include "observe/proc.h"
#include "observe/socket_owner.h"
#include "observe/tcp.h"
#include "observe/tcp_again.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* How long a started command has between SIGTERM and SIGKILL. */
#define END_PATIENCE_MS 2000

/*** Its network ***/

static bool has_own_namespace(pid_t pid, const char *kind)
{
    char ours[64], theirs[64];
    ssize_t length = proc_read_link(theirs, sizeof theirs, "/proc/%d/ns/%s", (int)pid, kind);
    proc_read_link(ours, sizeof ours, "/proc/self/ns/%s", kind);
    return length > 0 && strcmp(ours, theirs) != 0;
}

static int enter(pid_t pid, const char *kind, int type)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/%s", (int)pid, kind);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int error = fd < 0 || setns(fd, type) < 0 ? -errno : 0;
    descriptor_close(&fd);
    return error;
}

/* Root of this machine may enter the network at once; the owner of a user namespace enters that
 * first. */
static _Noreturn void send_socket_of(pid_t pid, int to_fd)
{
    int error = enter(pid, "net", CLONE_NEWNET);
    if (error == -EPERM && has_own_namespace(pid, "user")) {
        error = enter(pid, "user", CLONE_NEWUSER);
        if (error == 0)
            error = enter(pid, "net", CLONE_NEWNET);
    }
    int fd = error < 0 ? error : tcp_table_open();
    error = fd < 0 ? fd : 0;
    descriptors_send(to_fd, &error, sizeof error, &fd, fd >= 0 ? 1 : 0, 0);
    _exit(0);
}

static int open_in_network_of(pid_t pid)
{
    int pair[2];
    int error = -EIO;
    int fd = -1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return -errno;
    pid_t child = fork();
    if (child == 0)
        send_socket_of(pid, pair[1]);
    close(pair[1]);
    if (child > 0) {
        descriptors_receive(pair[0], &error, sizeof error, &fd, 1);
        waitpid(child, NULL, 0);
    }
    close(pair[0]);
    return fd >= 0 ? fd : error;
}

static enum watched_trouble open_network(struct watched *target)
{
    target->netlink_fd = target->root != 0 && has_own_namespace(target->root, "net")
                             ? open_in_network_of(target->root)
                             : tcp_table_open();
    target->activity_fd = tcp_activity_open(target->root);
    target->error = target->netlink_fd < 0 ? -target->netlink_fd : 0;
    return target->netlink_fd < 0 ? WATCHED_NO_NETWORK : WATCHED_FOUND;
}

/*** Finding it ***/

static void name_process(struct watched *target)
{
    char text[sizeof target->name];
    ssize_t length = proc_read(text, sizeof text, "/proc/%d/cmdline", target->root);
    for (ssize_t i = 0; i + 1 < length; i++)
        if (text[i] == '\0')
            text[i] = ' ';
    if (length <= 0)
        proc_read(text, sizeof text, "/proc/%d/comm", target->root);
    text[strcspn(text, "\n")] = '\0';
    snprintf(target->name, sizeof target->name, "%s", text);
}

enum watched_trouble watched_find_process(struct watched *target, pid_t pid)
{
    *target = (struct watched){.root = pid, .netlink_fd = -1, .activity_fd = -1};
    if (kill(pid, 0) < 0 && errno == ESRCH)
        return WATCHED_NO_PROCESS;
    name_process(target);
    return open_network(target);
}

/* Is it reached at this address: there itself, or on all addresses of this machine? */
static bool is_reached(const struct tcp_row *row, const struct address *host)
{
    struct address local = address_plain(&row->local);
    if (host == NULL)
        return true;
    if (address_equal(&local, host))
        return true;
    return local.any.sa_family == AF_INET6 ? IN6_IS_ADDR_UNSPECIFIED(&local.v6.sin6_addr)
                                           : local.v4.sin_addr.s_addr == htonl(INADDR_ANY);
}

/* A wildcard listener on our port says nothing about another machine's address: only an address
 * that can be bound here is ours. */
static bool is_of_this_machine(const struct address *host)
{
    struct address probe = *host;
    int fd = socket(host->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe.any.sa_family == AF_INET6)
        probe.v6.sin6_port = 0;
    else
        probe.v4.sin_port = 0;
    bool is_ours = fd >= 0 && bind(fd, &probe.any, probe.length_bytes) == 0;
    descriptor_close(&fd);
    return is_ours;
}

static unsigned find_inode(const struct tcp_table *table, const struct address *host, uint16_t port)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->rows[i].state == STATE_LISTEN && address_port(&table->rows[i].local) == port &&
            is_reached(&table->rows[i], host))
            return table->rows[i].inode;
    return 0;
}

enum watched_trouble watched_find_listener(struct watched *target, const struct address *host,
                                           uint16_t port)
{
    struct tcp_table table = {0};
    *target = (struct watched){.port = port, .netlink_fd = -1, .activity_fd = -1};
    if (host != NULL && !is_of_this_machine(host))
        return WATCHED_FAR_AWAY;
    if (open_network(target) != WATCHED_FOUND)
        return WATCHED_NO_NETWORK;
    int error = tcp_table_read_listeners(&table, target->netlink_fd);
    struct socket_owner owner = {.inode = error < 0 ? 0 : find_inode(&table, host, port)};
    tcp_table_release(&table);
    if (owner.inode == 0)
        return WATCHED_NO_LISTENER;
    socket_owners_find(&owner, 1);
    if (owner.pid != 0) {
        target->root = socket_owner_topmost(owner.pid, owner.inode);
        name_process(target);
    }
    return WATCHED_FOUND;
}

/*** Starting it ***/

static _Noreturn void become(char *const command[], bool is_silent, int failed_fd)
{
    process_reset_signals();
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    setpgid(0, 0);
    if (is_silent) {
        int fd = open("/dev/null", O_RDWR);
        for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
            dup2(fd, stream);
    }
    execvp(command[0], command);
    int error = errno;
    ssize_t written = write(failed_fd, &error, sizeof error);
    _exit(written > 0 ? 127 : 126);
}

/* A program that reads from the terminal must be in its foreground. */
static void bring_to_front(pid_t group)
{
    if (isatty(STDIN_FILENO)) {
        signal(SIGTTOU, SIG_IGN);
        tcsetpgrp(STDIN_FILENO, group);
    }
}

enum watched_trouble watched_start(struct watched *target, char *const command[], bool is_silent)
{
    int told[2];
    *target = (struct watched){.netlink_fd = -1, .activity_fd = -1, .command = command};
    if (pipe2(told, O_CLOEXEC) < 0) {
        target->error = errno;
        return WATCHED_NOT_STARTED;
    }
    target->root = fork();
    if (target->root == 0)
        become(command, is_silent, told[1]);
    close(told[1]);
    int error = 0;
    if (target->root < 0 || read(told[0], &error, sizeof error) > 0)
        target->error = target->root < 0 ? errno : error;
    close(told[0]);
    if (target->error != 0) {
        if (target->root > 0)
            waitpid(target->root, NULL, 0);
        target->root = 0;
        return WATCHED_NOT_STARTED;
    }
    target->is_ours = true;
    setpgid(target->root, target->root);
    if (!is_silent)
        bring_to_front(target->root);
    size_t length = 0;
    for (size_t i = 0; command[i] != NULL && length < sizeof target->name; i++)
        length += (size_t)snprintf(target->name + length, sizeof target->name - length, "%s%s",
                                   i > 0 ? " " : "", command[i]);
    return open_network(target);
}

bool watched_can_be_seen(const struct watched *target)
{
    char text[256];
    return proc_read(text, sizeof text, "/proc/%d/syscall", target->root) > 0;
}

bool watched_has_ended(struct watched *target)
{
    if (target->root == 0)
        return target->is_ours;
    if (!target->is_ours)
        return kill(target->root, 0) < 0 && errno == ESRCH;
    if (waitpid(target->root, NULL, WNOHANG) != target->root)
        return false;
    kill(-target->root, SIGTERM); /* those that it has left behind in its group */
    target->root = 0;
    return true;
}

static void end_started(struct watched *target)
{
    int pidfd = (int)syscall(SYS_pidfd_open, target->root, 0);
    struct pollfd ended = {.fd = pidfd, .events = POLLIN};
    kill(-target->root, SIGTERM);
    if (pidfd < 0 || poll(&ended, 1, END_PATIENCE_MS) <= 0)
        kill(-target->root, SIGKILL);
    waitpid(target->root, NULL, 0);
    descriptor_close(&pidfd);
}

void watched_release(struct watched *target)
{
    if (target->is_ours && target->root > 0) {
        end_started(target);
        if (isatty(STDIN_FILENO))
            tcsetpgrp(STDIN_FILENO, getpgrp());
    }
    target->root = 0;
    descriptor_close(&target->netlink_fd);
    descriptor_close(&target->activity_fd);
}
