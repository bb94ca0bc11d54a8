#include "grader/identify/shape.h"

#include "observe/descriptor.h"

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

/* Notes who waits for the client; the first one found is its waiter, the others are counted. */
static void find_waiters(struct hold *hold, const struct encounter *encounter, size_t first,
                         size_t clients, size_t client, unsigned inode)
{
    const struct task_list *tasks = &encounter->settle.current.tasks;
    for (size_t i = 0; i < tasks->count; i++) {
        const struct task *task = &tasks->tasks[i];
        struct wait wait;
        wait_read_without_limit(&wait, task);
        if (!wait_is_on_socket(&wait, task, inode))
            continue;
        bool is_in_loop = is_loop(encounter, task, &wait, first, clients, client);
        hold->own_waiters += !is_in_loop;
        if (hold->waiter != 0)
            continue;
        hold->waiter = task->tid;
        hold->waiter_pid = task->pid;
        hold->call = wait.call;
        hold->is_in_loop = is_in_loop;
    }
}

static void count_tasks(struct shape *shape, const struct encounter *encounter)
{
    const struct task_list *tasks = &encounter->settle.current.tasks;
    for (size_t i = 0; i < tasks->count; i++) {
        const struct task *task = &tasks->tasks[i];
        struct wait wait;
        wait_read_without_limit(&wait, task);
        if (task->is_kernel_worker)
            continue;
        shape->tasks++;
        shape->processes += task->pid == task->tid;
        shape->rings += wait.kind == WAIT_RING;
        if (!task_waits_for_listener(encounter, task, &wait))
            continue;
        shape->acceptors++;
        if (wait.kind != WAIT_READY)
            continue;
        shape->loops++;
        /* The tasks of a process stand together. */
        shape->loop_processes += task->pid != shape->loop_pid;
        shape->loop_pid = task->pid;
        shape->loop_call = wait.call;
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
        find_waiters(hold, encounter, first, clients, first + i, row->inode);
        hold->epoll_events = process_epoll_events_of(
            hold->owner, process_descriptor_of_socket(hold->owner, row->inode));
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

bool shape_is_telling(const struct shape *shape)
{
    return shape_has_task_for_each(shape) || shape_count_in_loops(shape) == shape->clients;
}

size_t shape_count_in_loops(const struct shape *shape)
{
    size_t count = 0;
    for (size_t i = 0; i < shape->clients; i++)
        count += shape->holds[i].is_in_loop;
    return count;
}

size_t shape_count_waiters(const struct shape *shape, bool processes)
{
    size_t different = 0;
    for (size_t i = 0; i < shape->clients; i++) {
        const struct hold *hold = &shape->holds[i];
        bool is_new = hold->waiter != 0;
        for (size_t j = 0; j < i && is_new; j++) {
            const struct hold *other = &shape->holds[j];
            is_new =
                processes ? other->waiter_pid != hold->waiter_pid : other->waiter != hold->waiter;
        }
        different += is_new;
    }
    return different;
}

size_t shape_count_own_waiters(const struct shape *shape)
{
    size_t count = 0;
    for (size_t i = 0; i < shape->clients; i++)
        count += shape->holds[i].own_waiters;
    return count;
}

void shape_find_shared(struct shared *shared, const struct encounter *encounter, size_t first,
                       size_t clients)
{
    *shared = (struct shared){0};
    bool has_lonely = false;
    for (size_t i = first; i < first + clients; i++) {
        struct hold hold = {0};
        if (!encounter_is_accepted(encounter, &encounter->players[i]))
            continue;
        const struct tcp_row *row = encounter_server_row(encounter, &encounter->players[i]);
        find_waiters(&hold, encounter, i, 1, i, row->inode);
        has_lonely |= hold.waiter == 0;
        if (hold.own_waiters > shared->tasks)
            *shared = (struct shared){.tasks = hold.own_waiters, .client = i};
    }
    if (!has_lonely || shared->tasks < 2)
        shared->tasks = 0;
}
