#include "grader/arena.h"

#include "grader/descriptor_passing.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/*** Opening ***/

const char *isolation_name(enum isolation isolation)
{
    return isolation == ISOLATION_ROOT ? "root namespaces" : "user namespaces";
}

/* A terminal that changes nothing: no echo, no carriage returns, no line editing. */
static int open_terminal(int *submission_end)
{
    int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    char name[64];
    if (fd < 0 || grantpt(fd) < 0 || unlockpt(fd) < 0 || ptsname_r(fd, name, sizeof name) != 0)
        return -errno;
    *submission_end = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*submission_end < 0)
        return -errno;
    struct termios settings;
    tcgetattr(*submission_end, &settings);
    settings.c_oflag &= ~(tcflag_t)OPOST;
    settings.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(*submission_end, TCSANOW, &settings);
    return fd;
}

static bool write_proc(pid_t pid, const char *name, const char *text)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    if (fd >= 0)
        close(fd);
    return written;
}

/* Inside, the user is the one who he is outside. */
static int map_user(pid_t keeper)
{
    char user[64];
    char group[64];
    snprintf(user, sizeof user, "%u %u 1\n", geteuid(), geteuid());
    snprintf(group, sizeof group, "%u %u 1\n", getegid(), getegid());
    bool mapped = write_proc(keeper, "setgroups", "deny") && write_proc(keeper, "uid_map", user) &&
                  write_proc(keeper, "gid_map", group);
    return mapped ? 0 : -errno;
}

/* The keeper's first steps: it may only go on once its user has been mapped. */
static _Noreturn void begin_keeper(int control_fd, int terminal_fd, char *const command[])
{
    char go = 0;
    if (recv(control_fd, &go, sizeof go, 0) != sizeof go)
        _exit(0);
    keeper_run(control_fd, terminal_fd, command);
}

static pid_t clone_keeper(enum isolation isolation)
{
    unsigned long flags = CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWIPC | SIGCHLD;
    if (isolation == ISOLATION_USER)
        flags |= CLONE_NEWUSER;
    return (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, 0);
}

static const char *step_text(enum keeper_step step)
{
    switch (step) {
    case STEP_MAP_USER:
        return "mapping the user into a user namespace";
    case STEP_LOOPBACK:
        return "bringing the loopback interface up";
    case STEP_TERMINAL:
        return "giving the submission a terminal";
    case STEP_FORK:
        return "forking the submission";
    case STEP_COMMAND:
        return "running the command";
    }
    return "?";
}

static int receive_start(struct arena *arena, const char **what, bool *is_command)
{
    struct keeper_report report;
    int fd = -1;
    int error = descriptor_receive(arena->control_fd, &report, sizeof report, &fd);
    if (error < 0) {
        *what = "starting the keeper";
        return error;
    }
    *what = step_text(report.step);
    *is_command = report.error < 0 && report.step == STEP_COMMAND;
    return report.error;
}

static int start_keeper(struct arena *arena, int submission_end, char *const command[],
                        const char **what)
{
    int control[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) < 0)
        return -errno;
    *what = "making namespaces";
    arena->keeper = clone_keeper(arena->isolation);
    int error = arena->keeper < 0 ? -errno : 0;
    if (arena->keeper == 0) {
        close(control[0]);
        begin_keeper(control[1], submission_end, command);
    }
    close(control[1]);
    arena->control_fd = control[0];
    if (error == 0 && arena->isolation == ISOLATION_USER) {
        *what = step_text(STEP_MAP_USER);
        error = map_user(arena->keeper);
    }
    if (error == 0 && send(arena->control_fd, "g", 1, MSG_NOSIGNAL) != 1)
        error = -errno;
    return error;
}

int arena_open(struct arena *arena, enum isolation isolation, char *const command[],
               const char **what, bool *is_command)
{
    int submission_end = -1;
    *arena = (struct arena){
        .isolation = isolation,
        .keeper = -1,
        .control_fd = -1,
        .netlink_fd = -1,
    };
    *is_command = false;
    *what = "opening a terminal";
    arena->terminal_fd = open_terminal(&submission_end);
    int error = arena->terminal_fd < 0 ? arena->terminal_fd : 0;
    if (error == 0)
        error = start_keeper(arena, submission_end, command, what);
    if (submission_end >= 0)
        close(submission_end);
    if (error == 0)
        error = receive_start(arena, what, is_command);
    if (error == 0) {
        *what = "opening sock_diag";
        arena->netlink_fd = arena_socket(arena, AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG);
        error = arena->netlink_fd < 0 ? arena->netlink_fd : 0;
    }
    if (error < 0)
        arena_close(arena);
    return error;
}

int arena_open_best(struct arena *arena, char *const command[], const char **what, bool *is_command)
{
    int error = -EPERM;
    *is_command = false;
    if (geteuid() == 0)
        error = arena_open(arena, ISOLATION_ROOT, command, what, is_command);
    if (error == -EPERM && !*is_command)
        error = arena_open(arena, ISOLATION_USER, command, what, is_command);
    return error;
}

/*** While it runs ***/

static void note_report(struct arena *arena, const struct keeper_report *report)
{
    if (report->kind == REPORT_EMPTY)
        arena->is_empty = true;
    if (report->kind != REPORT_ENDED)
        return;
    arena->has_ended = true;
    arena->wait_status = report->wait_status;
}

int arena_socket(struct arena *arena, int family, int type, int protocol)
{
    struct keeper_request request = {.family = family, .type = type, .protocol = protocol};
    if (send(arena->control_fd, &request, sizeof request, MSG_NOSIGNAL) < 0)
        return -errno;
    for (;;) {
        struct keeper_report report;
        int fd = -1;
        int error = descriptor_receive(arena->control_fd, &report, sizeof report, &fd);
        if (error < 0)
            return error;
        if (report.kind == REPORT_SOCKET)
            return report.error < 0 ? report.error : fd;
        note_report(arena, &report);
    }
}

static bool has_input(int fd)
{
    struct pollfd source = {.fd = fd, .events = POLLIN};
    return poll(&source, 1, 0) == 1; /* bytes, or the end */
}

static void keep_output(struct arena *arena, const char *data, size_t count)
{
    bytes_append(&arena->output, data, count);
    if (arena->output.length > OUTPUT_KEPT_BYTES) {
        size_t excess_bytes = arena->output.length - OUTPUT_KEPT_BYTES;
        bytes_consume(&arena->output, excess_bytes);
        arena->output_dropped_bytes += excess_bytes;
    }
}

bool arena_drain(struct arena *arena)
{
    bool is_new = false;
    char data[4096];
    ssize_t count = 0;
    /* Bounded: a submission that prints without end must not keep us here. */
    for (int i = 0; i < 64 && (count = read(arena->terminal_fd, data, sizeof data)) > 0; i++) {
        keep_output(arena, data, (size_t)count);
        is_new = true;
    }
    while (!arena->is_empty && !arena->is_lost && has_input(arena->control_fd)) {
        struct keeper_report report;
        int fd = -1;
        if (descriptor_receive(arena->control_fd, &report, sizeof report, &fd) < 0) {
            arena->is_lost = true;
            break;
        }
        note_report(arena, &report);
        is_new = true;
    }
    return is_new;
}

void arena_close(struct arena *arena)
{
    if (arena->keeper > 0) {
        kill(arena->keeper, SIGKILL);
        /* Returns only when the whole namespace is empty. */
        while (waitpid(arena->keeper, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    if (arena->control_fd >= 0)
        close(arena->control_fd);
    if (arena->netlink_fd >= 0)
        close(arena->netlink_fd);
    if (arena->terminal_fd >= 0)
        close(arena->terminal_fd);
    bytes_release(&arena->output);
}
