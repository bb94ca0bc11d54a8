#include "observe/waiting/waiting.h"

#include "base/memory.h"
#include "observe/descriptor.h"
#include "observe/tcp.h"

#include <stdlib.h>
#include <string.h>

/*** One task ***/

static bool add_socket(int fd, unsigned inode, void *context)
{
    struct waiter *waiter = context;
    if (inode == 0)
        inode = descriptor_socket_inode(waiter->tid, fd);
    if (inode == 0)
        return false;
    if (waiter->inode_count == waiter->inode_capacity) {
        waiter->inode_capacity = 2 * waiter->inode_capacity + 4;
        waiter->inodes = reallocate(waiter->inodes, waiter->inode_capacity, sizeof *waiter->inodes);
    }
    waiter->inodes[waiter->inode_count++] = inode;
    return false;
}

static bool sleeps_on(const struct waiter *waiter, const struct task *task)
{
    return waiter->pid == task->pid && waiter->switches == task->switches &&
           waiter->call_number == task->call && task->call >= 0 &&
           memcmp(waiter->arguments, task->arguments, sizeof task->arguments) == 0;
}

/* Another task may add to an epoll set while this one sleeps in it. */
static bool may_have_changed(const struct waiter *waiter)
{
    return waiter->call != NULL && strncmp(waiter->call, "epoll", strlen("epoll")) == 0;
}

static void read_waiter(struct waiter *waiter, const struct task *task, bool has_any_moved)
{
    struct wait wait;
    waiter->has_moved = !sleeps_on(waiter, task);
    if (!waiter->has_moved && !(has_any_moved && may_have_changed(waiter)))
        return;
    wait_read(&wait, task);
    waiter->pid = task->pid;
    waiter->tid = task->tid;
    waiter->is_kernel_worker = task->is_kernel_worker;
    waiter->is_timed = wait.is_timed;
    waiter->kind = wait.kind;
    waiter->call = wait.call;
    waiter->call_number = task->call;
    waiter->switches = task->switches;
    memcpy(waiter->arguments, task->arguments, sizeof waiter->arguments);
    waiter->inode_count = 0;
    wait_each_descriptor(task, add_socket, waiter);
}

bool waiter_is_on(const struct waiter *waiter, unsigned inode)
{
    for (size_t i = 0; inode != 0 && i < waiter->inode_count; i++)
        if (waiter->inodes[i] == inode)
            return true;
    return false;
}

bool waiter_is_on_listener(const struct waiter *waiter, const struct tcp_table *tcp)
{
    if (waiter->inode_count == 0)
        return false;
    for (size_t i = 0; i < tcp->count; i++)
        if (tcp->rows[i].state == STATE_LISTEN && waiter_is_on(waiter, tcp->rows[i].inode))
            return true;
    return false;
}

/*** All tasks ***/

/* Tasks come in the same order each time, so the search mostly ends where it begins. What is found
 * is taken out. */
static struct waiter take(struct waiting *waiting, size_t hint, pid_t tid)
{
    for (size_t i = 0; i < waiting->count; i++) {
        struct waiter *waiter = &waiting->waiters[(hint + i) % waiting->count];
        if (waiter->tid != tid)
            continue;
        struct waiter taken = *waiter;
        *waiter = (struct waiter){0};
        return taken;
    }
    return (struct waiter){.call_number = -1};
}

static void make_room(struct waiting *waiting, size_t count)
{
    if (count <= waiting->capacity)
        return;
    waiting->capacity = 2 * count;
    waiting->waiters = reallocate(waiting->waiters, waiting->capacity, sizeof *waiting->waiters);
    waiting->spare = reallocate(waiting->spare, waiting->capacity, sizeof *waiting->spare);
}

bool waiting_has_moved(const struct waiting *waiting, const struct task_list *tasks)
{
    if (tasks->count != waiting->count)
        return true;
    for (size_t i = 0; i < tasks->count; i++)
        if (tasks->tasks[i].tid != waiting->waiters[i].tid ||
            !sleeps_on(&waiting->waiters[i], &tasks->tasks[i]))
            return true;
    return false;
}

void waiting_read(struct waiting *waiting, const struct task_list *tasks)
{
    bool has_any_moved = waiting_has_moved(waiting, tasks);
    make_room(waiting, tasks->count);
    for (size_t i = 0; i < tasks->count; i++) {
        waiting->spare[i] = take(waiting, i, tasks->tasks[i].tid);
        read_waiter(&waiting->spare[i], &tasks->tasks[i], has_any_moved);
    }
    for (size_t i = 0; i < waiting->count; i++)
        free(waiting->waiters[i].inodes); /* of those that have ended */
    struct waiter *waiters = waiting->waiters;
    waiting->waiters = waiting->spare;
    waiting->spare = waiters;
    waiting->count = tasks->count;
}

void waiting_release(struct waiting *waiting)
{
    for (size_t i = 0; i < waiting->count; i++)
        free(waiting->waiters[i].inodes);
    free(waiting->waiters);
    free(waiting->spare);
    *waiting = (struct waiting){0};
}
