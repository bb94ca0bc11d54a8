#include "base/process.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

void process_reset_signals(void)
{
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The child's half: never returns. A failed exec is reported through the close-on-exec pipe. */
static _Noreturn void become(char *const argv[], pid_t parent, int input_fd, int output_fd,
                             int failure_fd)
{
    process_reset_signals();
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127); /* the parent died before the prctl */
    dup2(input_fd, STDIN_FILENO);
    dup2(output_fd, STDOUT_FILENO);
    execvp(argv[0], argv);
    int failure = -errno;
    ssize_t told = write(failure_fd, &failure, sizeof failure);
    _exit(told == sizeof failure ? 127 : 126);
}

static int finish_start(struct process *process, pid_t pid, int output_fd, int failure_fd)
{
    int failure = 0;
    ssize_t got = 0;
    do
        got = read(failure_fd, &failure, sizeof failure);
    while (got < 0 && errno == EINTR);
    if (got > 0) {
        waitpid(pid, NULL, 0);
        close(output_fd);
        return failure;
    }
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    *process = (struct process){.pid = pid, .pidfd = pidfd, .output_fd = output_fd};
    return pidfd < 0 ? -errno : 0;
}

int process_start(struct process *process, char *const argv[])
{
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int error = nothing < 0 ? -errno : process_start_with_input(process, argv, nothing);
    if (nothing >= 0)
        close(nothing);
    return error;
}

int process_start_with_input(struct process *process, char *const argv[], int input_fd)
{
    int output[2];
    int failure[2];
    if (pipe2(output, O_CLOEXEC) < 0)
        return -errno;
    if (pipe2(failure, O_CLOEXEC) < 0) {
        int error = -errno;
        close(output[0]);
        close(output[1]);
        return error;
    }
    pid_t parent = getpid();
    pid_t pid = fork();
    int error = -errno;
    if (pid == 0)
        become(argv, parent, input_fd, output[1], failure[1]);
    close(output[1]);
    close(failure[1]);
    if (pid > 0)
        error = finish_start(process, pid, output[0], failure[0]);
    else
        close(output[0]);
    close(failure[0]);
    return error;
}

static bool is_readable_until(int fd, int64_t deadline_ns)
{
    struct pollfd waiting = {.fd = fd, .events = POLLIN};
    int ready = 0;
    do
        ready = poll(&waiting, 1, clock_timeout_ms(deadline_ns));
    while (ready < 0 && errno == EINTR);
    return ready == 1;
}

int process_read_line(struct process *process, char *line, size_t line_bytes, int64_t deadline_ns)
{
    /* Byte by byte: what follows the newline must stay in the pipe, and lines are few. */
    for (size_t length = 0; length + 1 < line_bytes; length++) {
        if (!is_readable_until(process->output_fd, deadline_ns))
            return -ETIMEDOUT;
        if (read(process->output_fd, &line[length], 1) != 1)
            return -EPIPE;
        if (line[length] == '\n') {
            line[length] = '\0';
            return 0;
        }
    }
    return -EMSGSIZE;
}

bool process_wait_until(const struct process *process, int64_t deadline_ns)
{
    return is_readable_until(process->pidfd, deadline_ns);
}

int process_end(struct process *process, int64_t patience_ns)
{
    int status = 0;
    kill(process->pid, SIGTERM);
    process_wait_until(process, clock_now_ns() + patience_ns);
    /* Before the leader is reaped: until then no other process can get its id. */
    kill(-process->pid, SIGKILL);
    kill(process->pid, SIGKILL);
    while (waitpid(process->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    close(process->pidfd);
    close(process->output_fd);
    return status;
}

void process_signal_children(int number, pid_t spared_group)
{
    char path[64];
    char list[4096] = "";
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    if (read(fd, list, sizeof list - 1) > 0) {
        char *rest = list;
        for (long pid = strtol(rest, &rest, 10); pid > 0; pid = strtol(rest, &rest, 10))
            if (getpgid((pid_t)pid) != spared_group)
                kill((pid_t)pid, number);
    }
    close(fd);
}

void process_end_descendants(void)
{
    do
        process_signal_children(SIGKILL, 0);
    while (waitpid(-1, NULL, 0) > 0);
}
