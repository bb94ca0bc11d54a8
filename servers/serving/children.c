#include "servers/serving/children.h"

#include "base/memory.h"
#include "servers/serving/clients.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void wake_only(int number)
{
    (void)number; /* only there to end a sleep */
}

void children_init(struct children *children, struct service *service, size_t limit)
{
    *children = (struct children){
        .service = service,
        .pids = allocate(limit, sizeof(pid_t)),
        .limit = limit,
    };
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

/* The place of `pid`; a free one for 0. */
static size_t place_of(const struct children *children, pid_t pid)
{
    size_t place = 0;
    while (place < children->limit && children->pids[place] != pid)
        place++;
    return place;
}

static void become_child(struct children *children, size_t place)
{
    service_enter_child(children->service, place);
    free(children->pids);
    children->pids = NULL;
    children->count = 0;
    signal(SIGCHLD, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* so that none goes on serving after a kill of the server */
    sigprocmask(SIG_SETMASK, &children->signals_open, NULL);
}

pid_t children_fork(struct children *children)
{
    if (children_are_full(children))
        return -1;
    size_t place = place_of(children, 0);
    pid_t child = fork();
    if (child == 0)
        become_child(children, place);
    if (child > 0) {
        children->pids[place] = child;
        children->count++;
    }
    return child;
}

void children_reap(struct children *children)
{
    pid_t child = 0;
    while ((child = waitpid(-1, NULL, WNOHANG)) > 0) {
        size_t place = place_of(children, child);
        if (place == children->limit)
            continue; /* not a server: the launcher of commands */
        children->pids[place] = 0;
        children->count--;
        service_forget_child(children->service, place);
    }
}

void children_end(struct children *children)
{
    for (size_t i = 0; i < children->limit; i++)
        if (children->pids[i] > 0)
            kill(children->pids[i], SIGTERM);
    children_reap(children);
    while (children->count > 0) {
        ppoll(NULL, 0, NULL, &children->signals_open);
        children_reap(children);
    }
    free(children->pids);
}
