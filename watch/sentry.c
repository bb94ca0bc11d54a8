/* Theory of operation: the guard holds the other end of a pipe. A byte that comes says that all is
 * well; the end of the pipe without one, that its master was killed. It is in a session of its own,
 * so that no signal from the terminal reaches it, and it has closed all but the terminal and the
 * pipe, so that nobody waits for it.
 */
#include "watch/sentry.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define END_PATIENCE_MS 2000

/* What xterm and all that is like it understand (ECMA-48, and DEC private modes): the usual screen,
 * plain letters, a cursor. */
static const char usual_screen[] = "\033[?1049l\033[m\033[?25h\033[?1l\033>\r\n";

static void put_back(int terminal_fd, const struct termios *usual)
{
    ssize_t written = write(terminal_fd, usual_screen, strlen(usual_screen));
    (void)written; /* the terminal may be gone, too */
    tcsetattr(terminal_fd, TCSANOW, usual);
}

static void end_group(pid_t group)
{
    if (kill(-group, SIGTERM) < 0)
        return;
    for (int waited_ms = 0; waited_ms < END_PATIENCE_MS && kill(-group, 0) == 0; waited_ms += 20)
        poll(NULL, 0, 20);
    kill(-group, SIGKILL);
}

static _Noreturn void stand_guard(int pipe_fd, int terminal_fd, pid_t group,
                                  const struct termios *usual)
{
    char byte = 0;
    setsid();
    signal(SIGHUP, SIG_IGN);
    signal(SIGTTOU, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    int kept = terminal_fd >= 0 ? fcntl(terminal_fd, F_DUPFD, 3) : -1;
    for (int fd = 0; fd < 64; fd++)
        if (fd != pipe_fd && fd != kept)
            close(fd);
    ssize_t count = 0;
    do
        count = read(pipe_fd, &byte, 1);
    while (count < 0 && errno == EINTR);
    if (count <= 0 && kept >= 0)
        put_back(kept, usual);
    if (count <= 0 && group > 0)
        end_group(group);
    _exit(0);
}

int sentry_start(struct sentry *sentry, int terminal_fd, pid_t group)
{
    int tube[2];
    struct termios usual;
    memset(&usual, 0, sizeof usual);
    *sentry = (struct sentry){.fd = -1};
    if (terminal_fd >= 0 && tcgetattr(terminal_fd, &usual) < 0)
        return -errno;
    if (pipe2(tube, O_CLOEXEC) < 0)
        return -errno;
    sentry->pid = fork();
    if (sentry->pid == 0) {
        close(tube[1]);
        stand_guard(tube[0], terminal_fd, group, &usual);
    }
    close(tube[0]);
    sentry->fd = tube[1];
    if (sentry->pid < 0) {
        close(sentry->fd);
        sentry->fd = -1;
        return -errno;
    }
    return 0;
}

void sentry_dismiss(struct sentry *sentry)
{
    if (sentry->fd < 0)
        return;
    ssize_t written = write(sentry->fd, "", 1);
    (void)written;
    close(sentry->fd);
    waitpid(sentry->pid, NULL, 0);
    sentry->fd = -1;
}
