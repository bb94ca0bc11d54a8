#include "grader/arena/keeper.h"

#include "base/clock.h"
#include "base/descriptor_passing.h"
#include "base/process.h"
#include "grader/arena/keeper_files.h"
#include "grader/arena/limit_group.h"
#include "grader/arena/limits.h"
#include "grader/arena/network.h"
#include "grader/arena/sandbox.h"
#include "grader/arena/worker_end.h"
#include "observe/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct keeper {
    const struct keeper_plan *plan;
    int control_fd;
    int children_fd;                 /* a signalfd for SIGCHLD */
    pid_t runs[KEEPER_RUNS_MAX + 1]; /* the first process of each; the submission is the first */
    pid_t group;                     /* the submission's first process group */
    int held_fd;                     /* see KEEPER_HOLDS_IT; or -1 */
};

int keeper_receive(int control_fd, struct keeper_report *report, int *fd, int64_t deadline_ns)
{
    struct pollfd control = {.fd = control_fd, .events = POLLIN};
    int ready = 0;
    do
        ready = poll(&control, 1, clock_timeout_ms(deadline_ns));
    while (ready < 0 && errno == EINTR);
    if (ready <= 0)
        return ready < 0 ? -errno : -ETIMEDOUT;
    struct keeper_report message;
    int length = descriptors_receive(control_fd, &message, sizeof message, fd, 1);
    if (length < 0)
        return length;
    int error = keeper_report_read(report, &message, (size_t)length, *fd >= 0);
    if (error < 0)
        descriptor_close(fd);
    return error;
}

/* 0 or -errno. */
static int report(const struct keeper *keeper, struct keeper_report message, int fd)
{
    return descriptors_send(keeper->control_fd, &message, sizeof message, &fd, fd >= 0, 0);
}

/*** Setting up ***/

static char *const clean_environment[] = {
    ("PATH=" SUBMISSION_PATH),   "HOME=/tmp", "LANG=C.UTF-8", "TERM=dumb",
    "PYTHONDONTWRITEBYTECODE=1", NULL,
};

/* Without a sandbox root would remain root. True if the search path is set. */
static bool shed_capabilities(void)
{
    for (int capability = 0; prctl(PR_CAPBSET_DROP, capability) == 0; capability++) {
    }
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    return setenv("PATH", SUBMISSION_PATH, 1) == 0; /* where execvpe() looks */
}

/* At the level none a submission is a process like any other. */
static bool filter_calls(const struct keeper_plan *plan)
{
    int error = plan->has_namespaces ? system_call_filter_load(&plan->filter) : 0;
    errno = -error;
    return error == 0;
}

/* Only processes in the foreground may read from the terminal. */
static int step_into_foreground(int terminal_fd)
{
    signal(SIGTTOU, SIG_IGN); /* which we would get for doing so */
    return setpgid(0, 0) == 0 && tcsetpgrp(terminal_fd, getpid()) == 0 ? 0 : -errno;
}

/* By a control group, or by the limit of a user other than root. Without either, a fork bomb would
 * take the machine down before the grader looks again. 0 or -errno. */
static int bound_processes(const struct keeper_plan *plan)
{
    int error = limit_group_enter(plan->group);
    if (error == 0 && plan->group->has_processes)
        return 0;
    return limits_hold_processes() ? 0 : error < 0 ? error : -EPERM;
}

/* Without a namespace that ends with the keeper, at least the submission's first process does. */
static void end_with(pid_t keeper)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != keeper)
        _exit(126);
}

/* What is started. */
struct launch {
    char *const *command;
    int terminal_fd;
    bool is_submission;
};

/* Another program has a session of its own, without a controlling terminal: its terminal is read
 * all the same, and /dev/tty is not that of the submission. If it led a session with a terminal,
 * bubblewrap's end would hang up on it. */
static int take_terminal(const struct launch *launch)
{
    if (launch->is_submission)
        return step_into_foreground(launch->terminal_fd);
    return setsid() < 0 ? -errno : 0;
}

/* The other half of the fork: never returns. */
static _Noreturn void become_program(const struct keeper_plan *plan, const struct launch *launch,
                                     pid_t keeper, int failure_fd)
{
    struct keeper_report failure = {.kind = REPORT_STARTED, .step = STEP_TERMINAL};
    if (!plan->has_namespaces)
        end_with(keeper);
    failure.error = take_terminal(launch);
    process_reset_signals();
    if (failure.error == 0) {
        for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
            dup2(launch->terminal_fd, fd);
        fcntl(STDIN_FILENO, F_SETFL, O_RDWR); /* whatever an earlier run has made of it */
        limits_apply(plan->limits, plan->has_user_namespace);
        failure.step = STEP_BOUND;
        failure.error = bound_processes(plan);
    }
    if (failure.error == 0) {
        if (plan->sandbox != NULL)
            sandbox_enter(plan->sandbox, launch->command,
                          clean_environment); /* or there is no status */
        dup2(failure_fd, STDERR_FILENO + 1);
        fcntl(STDERR_FILENO + 1, F_SETFD, FD_CLOEXEC);
        close_range(STDERR_FILENO + 2, ~0U, 0);
        failure_fd = STDERR_FILENO + 1;
        bool is_there = plan->folder == NULL || chdir(plan->folder) == 0;
        if (plan->sandbox == NULL && is_there && shed_capabilities() && filter_calls(plan))
            execvpe(launch->command[0], launch->command, clean_environment);
        failure.step = STEP_COMMAND;
        failure.error = -errno;
    }
    ssize_t told = write(failure_fd, &failure, sizeof failure);
    _exit(told == sizeof failure ? 127 : 126);
}

/* Starts it; a report with error 0 and the process in `*pid` if it runs. */
static struct keeper_report launch(struct keeper *keeper, const struct launch *launch, pid_t *pid)
{
    struct keeper_report started = {.kind = REPORT_STARTED, .step = STEP_SANDBOX};
    int failed[2] = {-1, -1};
    started.error = keeper->plan->sandbox != NULL ? sandbox_begin(keeper->plan->sandbox) : 0;
    if (started.error == 0 && pipe2(failed, O_CLOEXEC) < 0)
        started.error = -errno;
    if (started.error < 0)
        return started;
    started.step = STEP_FORK;
    pid_t self = getpid();
    *pid = fork();
    if (*pid == 0)
        become_program(keeper->plan, launch, self, failed[1]);
    if (*pid > 0 && launch->is_submission)
        keeper->group = *pid;
    if (*pid < 0)
        started.error = -errno;
    close(failed[1]);
    struct keeper_report told;
    if (read(failed[0], &told, sizeof told) == sizeof told)
        started = told;
    close(failed[0]);
    if (started.error == 0 && keeper->plan->sandbox != NULL) {
        started.step = STEP_SANDBOX;
        /* Bubblewrap ends and leaves us the program's process: that is the one to watch. */
        *pid = sandbox_await(keeper->plan->sandbox, *pid);
        started.error = *pid < 0 ? *pid : 0;
    }
    return started;
}

static struct keeper_report start_submission(struct keeper *keeper)
{
    const struct launch submission = {.command = keeper->plan->commands[0],
                                      .terminal_fd = keeper->plan->terminal_fd,
                                      .is_submission = true};
    return launch(keeper, &submission, &keeper->runs[0]);
}

static struct keeper_report start_run(struct keeper *keeper, const struct keeper_request *request,
                                      int terminal_fd)
{
    size_t commands = 0;
    while (keeper->plan->commands[commands] != NULL)
        commands++;
    if (request->run == 0)
        return start_submission(keeper);
    if (request->run > KEEPER_RUNS_MAX || request->command >= commands)
        return (struct keeper_report){.kind = REPORT_STARTED, .error = -EINVAL};
    const struct launch run = {.command = keeper->plan->commands[request->command],
                               .terminal_fd = terminal_fd};
    return launch(keeper, &run, &keeper->runs[request->run]);
}

/* The keeper leads the session, as a shell would. If the submission did, its end would send SIGHUP
 * to the processes that it has forked to go on serving. */
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

static void report_end(struct keeper *keeper, pid_t pid, int status)
{
    for (unsigned run = 0; run <= KEEPER_RUNS_MAX; run++)
        if (keeper->runs[run] == pid) {
            report(keeper,
                   (struct keeper_report){.kind = REPORT_ENDED, .run = run, .wait_status = status},
                   -1);
            keeper->runs[run] = 0; /* the number may be given to another */
        }
}

static void reap(struct keeper *keeper)
{
    struct signalfd_siginfo ignored;
    ssize_t got = read(keeper->children_fd, &ignored, sizeof ignored);
    (void)got;
    int status = 0;
    pid_t pid = 0;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        report_end(keeper, pid, status);
    /* Every orphan becomes our child, so no children means no processes. */
    if (pid < 0 && errno == ECHILD)
        report(keeper, (struct keeper_report){.kind = REPORT_EMPTY}, -1);
}

/* Takes over the descriptor that was asked for; below 0: it could not be had, see errno. */
static void hand_over(struct keeper *keeper, int fd)
{
    struct keeper_report message = {.kind = REPORT_SOCKET, .error = fd < 0 ? -errno : 0};
    int error = report(keeper, message, fd);
    if (error == KEEPER_HOLDS_IT) {
        keeper->held_fd = message.fd = fd;
        message.error = error;
        report(keeper, message, -1);
    } else if (fd >= 0) {
        close(fd);
    }
}

static void make_socket(struct keeper *keeper, const struct keeper_request *request)
{
    descriptor_close(&keeper->held_fd);
    hand_over(keeper, socket(request->family, request->type | SOCK_CLOEXEC, request->protocol));
}

/* Whoever opens it sees that of its own namespace, wherever it is read. */
static void open_segments(struct keeper *keeper)
{
    descriptor_close(&keeper->held_fd);
    hand_over(keeper, open("/proc/sysvipc/shm", O_RDONLY | O_CLOEXEC));
}

/* Orphans become our children, so in the end none is left. */
static void end_all(const struct keeper *keeper)
{
    pid_t reaped = 0;
    do {
        if (keeper->plan->has_namespaces)
            kill(-1, SIGKILL); /* all in the namespace but us */
        else
            worker_kill_below(keeper->group);
        reaped = waitpid(-1, NULL, 0);
        while (waitpid(-1, NULL, WNOHANG) > 0)
            continue; /* or thousands would each have the whole tree read again */
    } while (reaped > 0);
}

static void answer(struct keeper *keeper, const struct keeper_request *request, int terminal_fd)
{
    switch (request->kind) {
    case REQUEST_SOCKET:
        make_socket(keeper, request);
        return;
    case REQUEST_SEGMENTS:
        open_segments(keeper);
        return;
    case REQUEST_END:
        end_all(keeper);
        report(keeper, (struct keeper_report){.kind = REPORT_ALL_ENDED}, -1);
        return;
    case REQUEST_STOP:
        if (keeper->runs[0] > 0)
            kill(keeper->runs[0], SIGTERM);
        report(keeper, (struct keeper_report){.kind = REPORT_STOPPED}, -1);
        return;
    case REQUEST_START:
        report(keeper, start_run(keeper, request, terminal_fd), -1);
        return;
    }
}

static _Noreturn void serve(struct keeper *keeper)
{
    struct pollfd sources[] = {
        {.fd = keeper->control_fd, .events = POLLIN},
        {.fd = keeper->children_fd, .events = POLLIN},
    };
    struct keeper_request message;
    struct keeper_request request;
    for (;;) {
        poll(sources, 2, -1);
        if (sources[1].revents)
            reap(keeper);
        if (!sources[0].revents)
            continue;
        int terminal_fd = -1;
        int length =
            descriptors_receive(keeper->control_fd, &message, sizeof message, &terminal_fd, 1);
        if (length < 0 || !keeper_request_read(&request, &message, (size_t)length))
            break; /* the grader has gone, or wants to */
        answer(keeper, &request, terminal_fd);
        descriptor_close(&terminal_fd);
    }
    if (!keeper->plan->has_namespaces)
        end_all(keeper);
    _exit(0);
}

/* Of the 128 that the kernel grants an ordinary user, who pays for all submissions together. */
#define INOTIFY_INSTANCES "16"

/* A report with error 0 if the submission runs. */
static struct keeper_report set_up(struct keeper *keeper)
{
    const struct keeper_plan *plan = keeper->plan;
    struct keeper_report started = {.kind = REPORT_STARTED, .step = STEP_LOOPBACK};
    if (plan->has_namespaces) {
        keeper_renew_proc();
        started.error = plan->shares_network ? 0 : network_set_up();
    }
    if (started.error == 0) {
        started.step = STEP_TERMINAL;
        started.error = lead_session(plan->terminal_fd);
    }
    if (started.error < 0)
        return started;
    if (plan->has_user_namespace)
        proc_write(INOTIFY_INSTANCES, "/proc/sys/user/max_inotify_instances");
    if (plan->has_namespaces && plan->sandbox == NULL)
        keeper_make_files_read_only(plan->writable);
    if (plan->sandbox != NULL) {
        started.step = STEP_LEND;
        started.error = sandbox_lend_files(plan->sandbox);
    }
    if (started.error < 0)
        return started;
    return plan->starts_later ? started : start_submission(keeper);
}

void keeper_run(const struct keeper_plan *plan)
{
    struct keeper keeper = {
        .plan = plan,
        .control_fd = plan->control_fd,
        .children_fd = watch_children(),
        .held_fd = -1,
    };
    if (plan->has_namespaces)
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    else
        prctl(PR_SET_CHILD_SUBREAPER, 1);
    report(&keeper, set_up(&keeper), -1);
    serve(&keeper);
}
