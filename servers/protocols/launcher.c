#include "servers/protocols/launcher.h"

#include "base/bytes.h"
#include "base/descriptor_passing.h"
#include "base/process.h"
#include "servers/protocols/peer.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Between two checks of a client that has half-closed. */
#define LOOK_MS 100

/* The descriptors that come with a command's words. */
enum { CLIENT, OUTPUT, DESCRIPTORS };

/*** In the server ***/

int launcher_start(const struct launcher *launcher, int client, int output,
                   const struct bytes *words)
{
    assert(words->length <= LAUNCHER_BYTES_MAX);
    const int fds[DESCRIPTORS] = {[CLIENT] = client, [OUTPUT] = output};
    /* Without waiting: a loop has other clients. */
    return descriptors_send(launcher->requests, bytes_front(words), words->length, fds, DESCRIPTORS,
                            MSG_DONTWAIT);
}

/*** In the launcher and what it forks ***/

static _Noreturn void become_command(int output, char **words)
{
    setpgid(0, 0); /* so that it can be killed with what it starts, but without the guard */
    process_reset_signals();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    close_range(STDERR_FILENO + 1, ~0U, 0);
    execvp(words[0], words);
    if (errno == ENOENT)
        dprintf(STDERR_FILENO, "%s: no such command\n", words[0]);
    else
        dprintf(STDERR_FILENO, "%s: %s\n", words[0], strerror(errno));
    _exit(127);
}

/* Returns when the command has ended, the client has left or the server has closed the launcher. */
static void wait_for_an_end(int command, int client, int requests)
{
    struct pollfd ends[] = {
        {.fd = command, .events = POLLIN},
        {.fd = client, .events = POLLRDHUP},
        {.fd = requests}, /* poll(2) always reports POLLHUP */
    };
    int patience_ms = -1;
    for (;;) {
        int count = poll(ends, 3, patience_ms);
        bool has_left = ends[1].revents & (POLLERR | POLLHUP);
        if (count > 0 && (ends[0].revents != 0 || has_left || ends[2].revents != 0))
            return;
        if (count >= 0 && peer_is_held(client) == 0)
            return;
        ends[1].events = 0; /* the end of its stream is known now */
        patience_ms = LOOK_MS;
    }
}

/* The command and whatever it has started, even what has left its group and its session: the guard
 * is a subreaper and inherits all processes whose parent has ended. */
static void end_all(pid_t command)
{
    kill(-command, SIGKILL);
    process_end_descendants();
}

/* Holds the output open until all of that has ended. */
static _Noreturn void guard(int requests, const int fds[DESCRIPTORS], char **words)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    signal(SIGCHLD, SIG_DFL); /* or an ended command would be gone before pidfd_open */
    pid_t command = fork();
    if (command == 0)
        become_command(fds[OUTPUT], words);
    if (command < 0) {
        dprintf(fds[OUTPUT], "%s: %s\n", words[0], strerror(errno));
        _exit(1);
    }
    wait_for_an_end((int)syscall(SYS_pidfd_open, command, 0), fds[CLIENT], requests);
    end_all(command);
    _exit(0);
}

static void split_words(char *text, size_t length, char *words[LAUNCHER_WORDS_MAX + 1])
{
    size_t count = 0;
    for (char *word = text; word < text + length && count < LAUNCHER_WORDS_MAX;
         word += strlen(word) + 1)
        words[count++] = word;
    words[count] = NULL;
}

static _Noreturn void launch(int requests)
{
    signal(SIGINT, SIG_IGN); /* Ctrl-C reaches us too; only the end of the requests ends us */
    signal(SIGTERM, SIG_IGN);
    signal(SIGCHLD, SIG_IGN); /* guards are reaped by the kernel */
    static char text[LAUNCHER_BYTES_MAX + 1];
    int fds[DESCRIPTORS];
    int length = 0;
    while ((length = descriptors_receive(requests, text, sizeof text - 1, fds, DESCRIPTORS)) > 0) {
        char *words[LAUNCHER_WORDS_MAX + 1];
        text[length] = '\0';
        split_words(text, (size_t)length, words);
        pid_t guarding = fork();
        if (guarding == 0)
            guard(requests, fds, words);
        if (guarding < 0)
            dprintf(fds[OUTPUT], "%s: %s\n", words[0], strerror(errno));
        close(fds[CLIENT]);
        close(fds[OUTPUT]); /* last: its end means that no copy of the client is open */
    }
    while (wait(NULL) > 0) { /* until the last guard has ended */
    }
    _exit(0);
}

int launcher_open(struct launcher *launcher)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return -errno;
    launcher->process = fork();
    if (launcher->process == 0) {
        close(ends[0]);
        launch(ends[1]);
    }
    int error = errno;
    close(ends[1]);
    launcher->requests = ends[0];
    if (launcher->process > 0)
        return 0;
    launcher_close(launcher);
    return -error;
}

void launcher_close(struct launcher *launcher)
{
    if (launcher->requests < 0)
        return;
    close(launcher->requests);
    launcher->requests = -1;
    if (launcher->process > 0)
        waitpid(launcher->process, NULL, 0);
}
