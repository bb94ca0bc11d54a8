/* Theory of operation: the guard is forked, not executed, so that it needs no file; it closes all
 * that it has inherited, as a copy of a client's socket would keep the connection open. It leads a
 * session of its own without a terminal: a server that opens /dev/tty is refused instead of
 * stopped. It sleeps in poll(2) on a signalfd and on the pipe that the server writes to. What it
 * reads goes into a note in memory that it shares with proctor, which looks at that only after the
 * guard's end.
 *
 * A server that says something at every request would wake it as often, which would cost the
 * machine more than the server. So after each reading it lets the pipe, which holds a megabyte,
 * fill for a while.
 */
#include "bench/guard.h"

#include "base/clock.h"
#include "base/memory.h"
#include "text/sanitise.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define END_AT_ONCE SIGUSR1
#define KILLED_NS   (10 * NS_PER_S) /* that what was sent SIGKILL needs to end, at most */
#define PIPE_BYTES  (1 << 20)
#define PAUSE_MS    2
#define SAID_BYTES  4096 /* that are kept */
#define WORDS_BYTES 400  /* of these, that are shown */

/* Written by the guard, read by proctor after the guard's end. */
struct guard_note {
    int start_error;     /* 0 or -errno */
    bool has_ended;      /* the server's first process, before it was asked to */
    bool has_daemon;     /* others went on when that had ended */
    int wait_status;     /* of that, as of waitpid(2) */
    size_t length_bytes; /* of what was said last */
    char said[SAID_BYTES];
};

/*** In the guard ***/

struct watch {
    struct guard_note *note;
    struct process server; /* its first process; pid 0: that has ended */
    int signal_fd;
    bool is_ending;
};

static int open_signals(void)
{
    static const int numbers[] = {SIGCHLD, SIGTERM, END_AT_ONCE};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        sigaddset(&set, numbers[i]);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void keep_said(struct guard_note *note, const char *said, size_t count)
{
    if (count >= SAID_BYTES) {
        said += count - SAID_BYTES;
        count = SAID_BYTES;
    }
    size_t room = SAID_BYTES - count;
    if (note->length_bytes > room) {
        memmove(note->said, note->said + note->length_bytes - room, room);
        note->length_bytes = room;
    }
    memcpy(note->said + note->length_bytes, said, count);
    note->length_bytes += count;
}

/* All that is there. False at the end: no process has the other end any more. */
static bool read_said(struct watch *watch)
{
    static char said[65536];
    ssize_t length = 0;
    while ((length = read(watch->server.output_fd, said, sizeof said)) > 0)
        keep_said(watch->note, said, (size_t)length);
    return length < 0 && (errno == EAGAIN || errno == EINTR);
}

/* Whatever still goes on, and the guard. */
static _Noreturn void end_all(struct watch *watch)
{
    if (watch->server.pid > 0)
        kill(-watch->server.pid, SIGKILL);
    process_end_descendants();
    read_said(watch);
    _exit(0);
}

/* True if there are children left. */
static bool reap(struct watch *watch)
{
    int status = 0;
    pid_t pid = 0;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid != watch->server.pid)
            continue;
        watch->server.pid = 0;
        watch->note->has_ended = !watch->is_ending;
        watch->note->wait_status = status;
    }
    return pid == 0;
}

/* A first process that has ended well may have left a daemon; one that has not is the server's
 * end. */
static bool goes_on(const struct watch *watch, bool has_children)
{
    struct guard_note *note = watch->note;
    note->has_daemon |= has_children && note->has_ended && note->wait_status == 0;
    return has_children && (!note->has_ended || note->has_daemon);
}

/* What has forked away is our child by now, as is the first process. */
static void ask_to_end(struct watch *watch)
{
    watch->is_ending = true;
    if (watch->server.pid > 0)
        kill(-watch->server.pid, SIGTERM);
    process_signal_children(SIGTERM, watch->server.pid);
}

static void take_signals(struct watch *watch)
{
    struct signalfd_siginfo signal;
    while (read(watch->signal_fd, &signal, sizeof signal) == sizeof signal) {
        if (signal.ssi_signo == END_AT_ONCE)
            end_all(watch);
        if (signal.ssi_signo == SIGTERM)
            ask_to_end(watch);
    }
    if (!goes_on(watch, reap(watch)))
        end_all(watch);
}

static _Noreturn void serve(struct watch *watch)
{
    struct pollfd sources[] = {
        {.fd = watch->signal_fd, .events = POLLIN},
        {.fd = watch->server.output_fd, .events = POLLIN},
    };
    for (;;) {
        poll(sources, 2, -1);
        if (sources[0].revents != 0)
            take_signals(watch);
        if (sources[1].revents == 0)
            continue;
        if (!read_said(watch))
            sources[1].fd = -1;
        poll(sources, 1, PAUSE_MS);
    }
}

/* Never returns. The silence is the reading end of a pipe whose other end nobody writes to. */
static _Noreturn void guard_server(struct guard_note *note, char *const *command, pid_t parent)
{
    int silence[2];
    struct watch watch = {.note = note};
    process_reset_signals();
    close_range(STDERR_FILENO + 1, ~0U, 0);
    setsid();
    prctl(PR_SET_NAME, "guard");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    watch.signal_fd = open_signals();
    prctl(PR_SET_PDEATHSIG, END_AT_ONCE);
    if (getppid() != parent)
        _exit(127);
    if (watch.signal_fd < 0 || pipe2(silence, O_CLOEXEC) < 0)
        note->start_error = -errno;
    else
        note->start_error = process_start_with_input(&watch.server, command, silence[0]);
    if (note->start_error < 0)
        _exit(127);
    close(silence[0]);
    fcntl(watch.server.output_fd, F_SETPIPE_SZ, PIPE_BYTES);
    fcntl(watch.server.output_fd, F_SETFL, O_NONBLOCK);
    serve(&watch);
}

/*** In proctor ***/

int guard_start(struct guard *guard, char *const *command)
{
    *guard = (struct guard){.process = {.pidfd = -1, .output_fd = -1}};
    void *shared =
        mmap(NULL, sizeof *guard->note, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return -errno;
    guard->note = shared;
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0)
        guard_server(guard->note, command, parent);
    if (pid < 0)
        return -errno;
    guard->process.pid = pid;
    guard->process.pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    return guard->process.pidfd < 0 ? -errno : 0;
}

bool guard_has_ended(const struct guard *guard, int64_t deadline_ns)
{
    return process_wait_until(&guard->process, deadline_ns);
}

void guard_end(struct guard *guard, int64_t patience_ns)
{
    if (guard->process.pid <= 0)
        return;
    kill(guard->process.pid, SIGTERM);
    if (!guard_has_ended(guard, clock_now_ns() + patience_ns)) {
        kill(guard->process.pid, END_AT_ONCE);
        guard_has_ended(guard, clock_now_ns() + KILLED_NS);
    }
    process_end(&guard->process, 0);
    guard->process.pid = 0;
}

/* The last line that says something, or more of them if they are short, from the beginning of
 * one. */
static const char *last_lines(const struct guard_note *note, size_t *count)
{
    const char *end = note->said + note->length_bytes;
    while (end > note->said && (end[-1] == '\n' || end[-1] == '\r' || end[-1] == ' '))
        end--;
    const char *begin = end - note->said > WORDS_BYTES ? end - WORDS_BYTES : note->said;
    const char *line_end = begin > note->said ? memchr(begin, '\n', (size_t)(end - begin)) : NULL;
    begin = line_end != NULL ? line_end + 1 : begin;
    *count = (size_t)(end - begin);
    return begin;
}

char *guard_last_words(const struct guard *guard)
{
    struct bytes words = {0};
    size_t count = 0;
    const char *lines = last_lines(guard->note, &count);
    if (count > 0)
        bytes_print(&words, "; its last words: ");
    sanitise(&words, lines, count, SANITISE_LINE);
    return bytes_take_text(&words);
}

static char *end_of(const struct guard_note *note)
{
    int status = note->wait_status;
    return note->has_daemon      ? text_of("has forked away and ended")
           : WIFSIGNALED(status) ? text_of("was ended by signal %d (%s)", WTERMSIG(status),
                                           strsignal(WTERMSIG(status)))
                                 : text_of("ended with exit code %d", WEXITSTATUS(status));
}

char *guard_end_text(const struct guard *guard)
{
    const struct guard_note *note = guard->note;
    if (note->start_error < 0)
        return text_of("cannot be executed: %s", strerror(-note->start_error));
    if (!note->has_ended)
        return NULL;
    char *end = end_of(note);
    char *words = guard_last_words(guard);
    char *text = text_of("%s%s", end, words);
    free(end);
    free(words);
    return text;
}

void guard_release(struct guard *guard)
{
    if (guard->note != NULL)
        munmap(guard->note, sizeof *guard->note);
    *guard = (struct guard){0};
}
