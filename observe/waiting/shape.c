#include "observe/waiting/shape.h"

#include "observe/descriptor.h"
#include "observe/snapshot.h"
#include "observe/waiting/waiting.h"

/* Does the call wait for a listener too, or for another of the clients? */
static bool is_loop(const struct waiter *waiter, const struct ends *ends, size_t except)
{
    if (waiter->kind != WAIT_READY)
        return false;
    if (waiter_is_on_listener(waiter, ends->tcp))
        return true;
    for (size_t i = 0; i < ends->count; i++)
        if (i != except && ends->rows[i] != NULL && waiter_is_on(waiter, ends->rows[i]->inode))
            return true;
    return false;
}

/* Notes who waits for the client; the first one found is its waiter, the others are counted. */
static void find_waiters(struct hold *hold, const struct waiting *waiting, const struct ends *ends,
                         size_t client)
{
    for (size_t i = 0; i < waiting->count; i++) {
        const struct waiter *waiter = &waiting->waiters[i];
        if (!waiter_is_on(waiter, ends->rows[client]->inode))
            continue;
        bool is_in_loop = is_loop(waiter, ends, client);
        hold->own_waiters += !is_in_loop;
        if (hold->waiter != 0)
            continue;
        hold->waiter = waiter->tid;
        hold->waiter_pid = waiter->pid;
        hold->call = waiter->call;
        hold->is_in_loop = is_in_loop;
    }
}

static void count_tasks(struct shape *shape, const struct waiting *waiting, const struct ends *ends)
{
    for (size_t i = 0; i < waiting->count; i++) {
        const struct waiter *waiter = &waiting->waiters[i];
        if (waiter->is_kernel_worker)
            continue;
        shape->tasks++;
        shape->processes += waiter->pid == waiter->tid;
        shape->rings += waiter->kind == WAIT_RING;
        if (!waiter_is_on_listener(waiter, ends->tcp))
            continue;
        shape->acceptors++;
        if (waiter->kind != WAIT_READY)
            continue;
        shape->loops++;
        /* The tasks of a process stand together. */
        shape->loop_processes += waiter->pid != shape->loop_pid;
        shape->loop_pid = waiter->pid;
        shape->loop_call = waiter->call;
    }
}

static bool is_accepted(const struct ends *ends, size_t client)
{
    return ends->rows[client] != NULL && ends->rows[client]->inode != 0;
}

void shape_read_waits(struct shape *shape, const struct waiting *waiting, const struct ends *ends)
{
    *shape = (struct shape){.clients = ends->count};
    for (size_t i = 0; i < ends->count; i++) {
        if (!is_accepted(ends, i))
            continue;
        shape->accepted++;
        find_waiters(&shape->holds[i], waiting, ends, i);
    }
    count_tasks(shape, waiting, ends);
}

void shape_read(struct shape *shape, const struct snapshot *snapshot,
                const struct tcp_row *const *rows, size_t count)
{
    struct waiting waiting = {0};
    const struct ends ends = {.tcp = &snapshot->tcp, .rows = rows, .count = count};
    waiting_read(&waiting, &snapshot->tasks);
    shape_read_waits(shape, &waiting, &ends);
    waiting_release(&waiting);
    for (size_t i = 0; i < count; i++) {
        struct hold *hold = &shape->holds[i];
        if (!is_accepted(&ends, i))
            continue;
        hold->owner = snapshot_find_owner(snapshot, rows[i]->inode);
        hold->epoll_events = process_epoll_events_of(
            hold->owner, process_descriptor_of_socket(hold->owner, rows[i]->inode));
    }
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

void shape_find_shared(struct shared *shared, const struct snapshot *snapshot,
                       const struct tcp_row *const *rows, size_t count)
{
    struct waiting waiting = {0};
    bool has_lonely = false;
    *shared = (struct shared){0};
    waiting_read(&waiting, &snapshot->tasks);
    for (size_t i = 0; i < count; i++) {
        struct hold hold = {0};
        const struct ends alone = {.tcp = &snapshot->tcp, .rows = &rows[i], .count = 1};
        if (!is_accepted(&alone, 0))
            continue;
        find_waiters(&hold, &waiting, &alone, 0);
        has_lonely |= hold.waiter == 0;
        if (hold.own_waiters > shared->tasks)
            *shared = (struct shared){.tasks = hold.own_waiters, .client = i};
    }
    waiting_release(&waiting);
    if (!has_lonely || shared->tasks < 2)
        shared->tasks = 0;
}
