#include "grader/identify/shape.h"

#include "observe/descriptor.h"

#include <string.h>
#include <sys/epoll.h>

bool task_waits_for_listener(const struct encounter *encounter, const struct task *task,
                             const struct wait *wait)
{
    const struct tcp_table *table = &encounter->settle.current.tcp;
    for (size_t i = 0; i < table->count; i++)
        if (table->rows[i].state == STATE_LISTEN &&
            wait_is_on_socket(wait, task, table->rows[i].inode))
            return true;
    return false;
}

/* Does the call wait for a listener too, or for another of the clients? */
static bool is_loop(const struct encounter *encounter, const struct task *task,
                    const struct wait *wait, size_t first, size_t clients, size_t except)
{
    if (wait->kind != WAIT_READY)
        return false;
    if (task_waits_for_listener(encounter, task, wait))
        return true;
    for (size_t i = first; i < first + clients; i++) {
        const struct tcp_row *row = encounter_server_row(encounter, &encounter->players[i]);
        if (i != except && row != NULL && wait_is_on_socket(wait, task, row->inode))
            return true;
    }
    return false;
}

static bool is_edge_triggered(const struct task *task, const struct wait *wait, unsigned inode)
{
    int fd = process_descriptor_of_socket(task->tid, inode);
    bool is_epoll = wait->call != NULL && strncmp(wait->call, "epoll", 5) == 0;
    return is_epoll && fd >= 0 &&
           epoll_events_of(task->tid, (int)task->arguments[0], fd) & (uint32_t)EPOLLET;
}

static void find_waiter(struct hold *hold, const struct encounter *encounter, size_t first,
                        size_t clients, size_t client, unsigned inode)
{
    const struct task_list *tasks = &encounter->settle.current.tasks;
    for (size_t i = 0; i < tasks->count && hold->waiter == 0; i++) {
        const struct task *task = &tasks->tasks[i];
        struct wait wait;
        wait_read(&wait, task);
        if (!wait_is_on_socket(&wait, task, inode))
            continue;
        hold->waiter = task->tid;
        hold->waiter_pid = task->pid;
        hold->call = wait.call;
        hold->is_in_loop = is_loop(encounter, task, &wait, first, clients, client);
        hold->is_edge_triggered = is_edge_triggered(task, &wait, inode);
    }
}

static void count_tasks(struct shape *shape, const struct encounter *encounter)
{
    const struct task_list *tasks = &encounter->settle.current.tasks;
    pid_t last_loop = 0; /* the tasks of a process stand together */
    for (size_t i = 0; i < tasks->count; i++) {
        const struct task *task = &tasks->tasks[i];
        struct wait wait;
        wait_read(&wait, task);
        if (task->is_kernel_worker)
            continue;
        shape->tasks++;
        shape->processes += task->pid == task->tid;
        if (wait.kind == WAIT_READY && task_waits_for_listener(encounter, task, &wait)) {
            shape->loops++;
            shape->loop_processes += task->pid != last_loop;
            last_loop = task->pid;
        }
        shape->is_main_locked |= task->pid == task->tid && wait.kind == WAIT_LOCK && !wait.is_timed;
        shape->has_ring |= wait.kind == WAIT_RING;
    }
}

void shape_read(struct shape *shape, const struct encounter *encounter, size_t first,
                size_t clients)
{
    *shape = (struct shape){.clients = clients};
    for (size_t i = 0; i < clients; i++) {
        struct hold *hold = &shape->holds[i];
        const struct tcp_row *row = encounter_server_row(encounter, &encounter->players[first + i]);
        if (row == NULL || row->inode == 0)
            continue;
        shape->accepted++;
        hold->owner = snapshot_find_owner(&encounter->settle.current, row->inode);
        find_waiter(hold, encounter, first, clients, first + i, row->inode);
    }
    count_tasks(shape, encounter);
}

bool shape_has_task_for_each(const struct shape *shape)
{
    for (size_t i = 0; i < shape->clients; i++)
        if (shape->holds[i].waiter == 0 || shape->holds[i].is_in_loop)
            return false;
    return true;
}
