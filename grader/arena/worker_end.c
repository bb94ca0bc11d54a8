/* Theory of operation: a killed worker does not clean up. The keepers of its arenas, its children,
 * end with it (keeper.h), and a keeper is gone only when all in its namespace has ended. By then
 * they are not the worker's children any more, so each is held by a pidfd from before. The worker
 * is stopped first, so that it starts no new one meanwhile.
 */
#include "grader/arena/worker_end.h"

#include "base/clock.h"
#include "observe/proc.h"
#include "observe/task.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEEPERS_MAX 16 /* there is one at a time */
#define PATIENCE_NS (30 * NS_PER_S)

/* True when it stands still; false: it has ended, and was waited for. */
static bool stop(pid_t worker)
{
    int status = 0;
    pid_t waited = 0;
    kill(worker, SIGSTOP);
    do
        waited = waitpid(worker, &status, WUNTRACED);
    while (waited < 0 && errno == EINTR);
    return waited == worker && WIFSTOPPED(status);
}

static size_t hold_children(pid_t worker, struct pollfd keepers[KEEPERS_MAX])
{
    char text[16 * KEEPERS_MAX];
    size_t count = 0;
    ssize_t length = proc_read(text, sizeof text, "/proc/%d/task/%d/children", worker, worker);
    char *at = text;
    while (length > 0 && count < KEEPERS_MAX) {
        char *end = NULL;
        long child = strtol(at, &end, 10);
        if (end == at)
            break;
        at = end;
        int fd = (int)syscall(SYS_pidfd_open, (pid_t)child, 0);
        if (fd >= 0)
            keepers[count++] = (struct pollfd){.fd = fd, .events = POLLIN};
    }
    return count;
}

void worker_end(pid_t worker)
{
    struct pollfd keepers[KEEPERS_MAX];
    if (!stop(worker))
        return;
    size_t count = hold_children(worker, keepers);
    kill(worker, SIGKILL);
    while (waitpid(worker, NULL, 0) < 0 && errno == EINTR)
        continue;
    int64_t deadline_ns = clock_now_ns() + PATIENCE_NS;
    for (size_t i = 0; i < count; i++) {
        while (poll(&keepers[i], 1, clock_timeout_ms(deadline_ns)) < 0 && errno == EINTR)
            continue;
        close(keepers[i].fd);
    }
}

/* First the group, at once: a process cannot escape a signal to its group by forking. The others
 * are stopped first, as they may fork faster than we list them. */
void worker_kill_below(pid_t group)
{
    if (group > 0)
        kill(-group, SIGKILL);
    struct task_list tasks = {0};
    size_t before = 0;
    do {
        before = tasks.count;
        task_list_read(&tasks, getpid());
        for (size_t i = 0; i < tasks.count; i++)
            kill(tasks.tasks[i].pid, SIGSTOP);
    } while (tasks.count != before);
    for (size_t i = 0; i < tasks.count; i++)
        kill(tasks.tasks[i].pid, SIGKILL);
    task_list_release(&tasks);
}
