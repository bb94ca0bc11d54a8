#include "grader/keeper.h"

#include "base/process.h"
#include "grader/descriptor_passing.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct keeper {
    int control_fd;
    int children_fd; /* a signalfd for SIGCHLD */
    pid_t submission;
};

static void report(const struct keeper *keeper, struct keeper_report message, int fd)
{
    descriptor_send(keeper->control_fd, &message, sizeof message, fd);
}

/*** Setting up ***/

static int bring_loopback_up(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    int error = ioctl(fd, SIOCSIFFLAGS, &request) < 0 ? -errno : 0;
    close(fd);
    return error;
}

/* A /proc that shows the arena's processes by their own numbers. Where the kernel refuses it (a
 * container that masks parts of /proc), the old one stays: less tidy, and no less safe. */
static void renew_proc(void)
{
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0)
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
}

static char *const clean_environment[] = {
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME=/tmp",
    "LANG=C.UTF-8",
    "TERM=dumb",
    "PYTHONDONTWRITEBYTECODE=1",
    NULL,
};

/* The submission's half of the fork: never returns. */
static _Noreturn void become_submission(int terminal_fd, int failure_fd, char *const command[])
{
    struct keeper_report failure = {.kind = REPORT_STARTED, .step = STEP_TERMINAL};
    signal(SIGTTOU, SIG_IGN); /* which we would get for stepping into the foreground */
    bool in_foreground = setpgid(0, 0) == 0 && tcsetpgrp(terminal_fd, getpid()) == 0;
    process_reset_signals();
    if (!in_foreground) {
        failure.error = -errno;
    } else {
        for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
            dup2(terminal_fd, fd);
        dup2(failure_fd, STDERR_FILENO + 1);
        fcntl(STDERR_FILENO + 1, F_SETFD, FD_CLOEXEC);
        close_range(STDERR_FILENO + 2, ~0U, 0);
        failure_fd = STDERR_FILENO + 1;
        execvpe(command[0], command, clean_environment);
        failure.step = STEP_COMMAND;
        failure.error = -errno;
    }
    ssize_t told = write(failure_fd, &failure, sizeof failure);
    _exit(told == sizeof failure ? 127 : 126);
}

/* Starts the submission; a report with error 0 if it runs. */
static struct keeper_report start_submission(struct keeper *keeper, int terminal_fd,
                                             char *const command[])
{
    struct keeper_report failure = {.kind = REPORT_STARTED, .step = STEP_FORK};
    int failed[2];
    if (pipe2(failed, O_CLOEXEC) < 0) {
        failure.error = -errno;
        return failure;
    }
    keeper->submission = fork();
    if (keeper->submission == 0)
        become_submission(terminal_fd, failed[1], command);
    if (keeper->submission < 0)
        failure.error = -errno;
    close(failed[1]);
    struct keeper_report told;
    if (read(failed[0], &told, sizeof told) == sizeof told)
        failure = told;
    close(failed[0]);
    return failure;
}

/* The keeper leads the session, as a shell would. Were it the submission, then its end would send
 * SIGHUP to whatever it had forked to go on serving. */
static int lead_session(int terminal_fd)
{
    return setsid() < 0 || ioctl(terminal_fd, TIOCSCTTY, 0) < 0 ? -errno : 0;
}

static int watch_children(void)
{
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_BLOCK, &children, NULL);
    return signalfd(-1, &children, SFD_CLOEXEC);
}

/*** Serving ***/

static void reap(struct keeper *keeper)
{
    struct signalfd_siginfo ignored;
    ssize_t got = read(keeper->children_fd, &ignored, sizeof ignored);
    (void)got;
    int status = 0;
    pid_t pid = 0;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        if (pid == keeper->submission)
            report(keeper, (struct keeper_report){.kind = REPORT_ENDED, .wait_status = status}, -1);
    /* Every orphan is our child, so without children we are alone. */
    if (pid < 0 && errno == ECHILD)
        report(keeper, (struct keeper_report){.kind = REPORT_EMPTY}, -1);
}

static void make_socket(struct keeper *keeper)
{
    struct keeper_request request;
    if (recv(keeper->control_fd, &request, sizeof request, 0) != sizeof request)
        _exit(0); /* the grader has gone */
    int fd = socket(request.family, request.type | SOCK_CLOEXEC, request.protocol);
    struct keeper_report message = {.kind = REPORT_SOCKET, .error = fd < 0 ? -errno : 0};
    report(keeper, message, fd);
    if (fd >= 0)
        close(fd);
}

void keeper_run(int control_fd, int terminal_fd, char *const command[])
{
    struct keeper keeper = {.control_fd = control_fd, .children_fd = watch_children()};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    struct keeper_report started = {.kind = REPORT_STARTED, .step = STEP_LOOPBACK};
    started.error = bring_loopback_up();
    if (started.error == 0) {
        started.step = STEP_TERMINAL;
        started.error = lead_session(terminal_fd);
    }
    if (started.error == 0) {
        renew_proc();
        started = start_submission(&keeper, terminal_fd, command);
    }
    close(terminal_fd);
    report(&keeper, started, -1);
    for (;;) {
        struct pollfd sources[] = {
            {.fd = control_fd, .events = POLLIN},
            {.fd = keeper.children_fd, .events = POLLIN},
        };
        poll(sources, 2, -1);
        if (sources[1].revents)
            reap(&keeper);
        if (sources[0].revents)
            make_socket(&keeper);
    }
}
