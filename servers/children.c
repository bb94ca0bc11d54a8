#include "servers/children.h"

#include "base/memory.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static void wake_only(int number)
{
    (void)number; /* its only use is to end a sleep */
}

void children_init(struct children *children, size_t limit)
{
    *children = (struct children){.pids = allocate(limit, sizeof(pid_t)), .limit = limit};
    struct sigaction action = {.sa_handler = wake_only};
    sigaction(SIGCHLD, &action, NULL);
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigaddset(&blocked, SIGINT);
    sigaddset(&blocked, SIGALRM);
    sigaddset(&blocked, SIGCHLD);
    sigprocmask(SIG_BLOCK, &blocked, &children->signals_open);
}

bool children_are_full(const struct children *children)
{
    return children->count == children->limit;
}

void children_add(struct children *children, pid_t child)
{
    assert(!children_are_full(children));
    children->pids[children->count++] = child;
}

static void remove_child(struct children *children, pid_t child)
{
    for (size_t i = 0; i < children->count; i++) {
        if (children->pids[i] != child)
            continue;
        children->pids[i] = children->pids[--children->count];
        return;
    }
}

size_t children_reap(struct children *children)
{
    size_t reaped = 0;
    pid_t child = 0;
    while ((child = waitpid(-1, NULL, WNOHANG)) > 0) {
        remove_child(children, child);
        reaped++;
    }
    return reaped;
}

void children_forget(struct children *children)
{
    free(children->pids);
    children->pids = NULL;
    children->count = 0;
    signal(SIGCHLD, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* a killed server shall not leave its children serving */
    sigprocmask(SIG_SETMASK, &children->signals_open, NULL);
}

void children_end(struct children *children)
{
    for (size_t i = 0; i < children->count; i++)
        kill(children->pids[i], SIGTERM);
    children_reap(children);
    while (children->count > 0) {
        ppoll(NULL, 0, NULL, &children->signals_open);
        children_reap(children);
    }
    free(children->pids);
}
