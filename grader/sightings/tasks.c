/* A row is compared with the one that was written before it; what only grows, processor time, is
 * written with the rest. */
#include "grader/sightings/tasks.h"

#include "base/memory.h"
#include "grader/sightings/clients.h"
#include "grader/sightings/listeners.h"
#include "observe/runtime.h"

#include <stdlib.h>
#include <string.h>

/*** A row ***/

static enum recorded_doing doing_of(const struct task *task)
{
    switch (task->state) {
    case 'Z':
    case 'X':
        return DOING_ENDED;
    case 'T':
    case 't':
        return DOING_STOPPED;
    default:
        return task->state == 'S' && task->call >= 0 ? DOING_SLEEPS : DOING_RUNS;
    }
}

static enum recorded_on on_of(const struct waiter *waiter, const struct recorded_task *row)
{
    switch (waiter->kind) {
    case WAIT_NOTHING:
        return ON_NOTHING;
    case WAIT_LOCK:
        return ON_LOCK;
    case WAIT_CHILD:
        return ON_CHILD;
    case WAIT_TIME:
        return ON_TIME;
    default:
        break;
    }
    bool is_on_one = row->client_count == 1 && row->listener == 0;
    return is_on_one               ? ON_CLIENT
           : row->client_count > 0 ? ON_CLIENTS
           : row->listener > 0     ? ON_LISTENER
                                   : ON_OTHER;
}

/* What it waits for, and for whom; its list of clients is on the heap. */
static void describe_wait(struct recorded_task *row, struct seen_clients *clients,
                          const struct seen_listeners *listeners, const struct task *task,
                          const struct waiter *waiter)
{
    int *ids = allocate(waiter->inode_count + 1, sizeof *ids);
    row->clients = ids;
    row->call = waiter->call;
    for (size_t i = 0; i < waiter->inode_count; i++) {
        int id = seen_clients_find(clients, waiter->inodes[i]);
        int listener = id == 0 ? seen_listeners_find(listeners, waiter->inodes[i]) : 0;
        if (id > 0)
            ids[row->client_count++] = id;
        if (id > 0 && !task->is_kernel_worker)
            seen_clients_note_waiter(clients, id, task);
        row->listener = listener > 0 ? listener : row->listener;
    }
    row->on = on_of(waiter, row);
}

/* Names of calls are constants. */
static bool is_same(const struct recorded_task *left, const struct recorded_task *right)
{
    return left->doing == right->doing && left->call == right->call && left->on == right->on &&
           left->listener == right->listener && left->client_count == right->client_count &&
           (left->client_count == 0 || memcmp(left->clients, right->clients,
                                              left->client_count * sizeof left->clients[0]) == 0);
}

static void replace(struct seen_task *seen, const struct recorded_task *row)
{
    free((int *)seen->row.clients);
    seen->row = *row;
}

static void write_row(struct seen_task *seen, struct recording *recording, int64_t t_ns)
{
    seen->row.name = seen->name;
    recording_task(recording, t_ns, &seen->row);
}

/*** All of them ***/

/* The one of this number, or a new one. Tasks come in the same order each time. */
static struct seen_task *find(struct seen_tasks *tasks, const struct task *task, size_t hint)
{
    size_t count = tasks->count;
    for (size_t i = 0; i < count; i++)
        if (tasks->list[(hint + i) % count].row.tid == task->tid)
            return &tasks->list[(hint + i) % count];
    tasks->list = grow_by_one(tasks->list, count, sizeof *tasks->list);
    struct seen_task *seen = &tasks->list[tasks->count++];
    *seen = (struct seen_task){.row = {.pid = task->pid, .tid = task->tid, .doing = DOING_ENDED}};
    return seen;
}

static void look_at(struct seen_task *seen, struct recorded_task *row, const struct task *task,
                    struct recording *recording, int64_t t_ns)
{
    bool is_unchanged = is_same(row, &seen->row);
    row->is_runtime = is_unchanged ? seen->row.is_runtime : runtime_thread_of(task) != RUNTIME_NONE;
    replace(seen, row);
    seen->is_there = true;
    if (is_unchanged)
        return;
    seen_name(seen->name, sizeof seen->name, task->name);
    write_row(seen, recording, t_ns);
}

/* Those that are not among the tasks any more. */
static void end_others(struct seen_tasks *tasks, struct recording *recording, int64_t t_ns)
{
    size_t kept = 0;
    for (size_t i = 0; i < tasks->count; i++) {
        struct seen_task *seen = &tasks->list[i];
        if (seen->is_there) {
            tasks->list[kept++] = *seen;
            continue;
        }
        const struct recorded_task before = seen->row;
        replace(seen, &(struct recorded_task){.pid = before.pid,
                                              .tid = before.tid,
                                              .doing = DOING_ENDED,
                                              .cpu_ns = before.cpu_ns,
                                              .is_runtime = before.is_runtime});
        if (before.doing != DOING_ENDED)
            write_row(seen, recording, t_ns);
    }
    tasks->count = kept;
}

void seen_tasks_look(struct seen_tasks *tasks, struct seen_clients *clients,
                     const struct seen_listeners *listeners, const struct task_list *list,
                     struct recording *recording, int64_t t_ns)
{
    waiting_read(&tasks->waiting, list);
    for (size_t i = 0; i < tasks->count; i++)
        tasks->list[i].is_there = false;
    for (size_t i = 0; i < list->count; i++) {
        const struct task *task = &list->tasks[i];
        struct recorded_task row = {.pid = task->pid,
                                    .tid = task->tid,
                                    .doing = doing_of(task),
                                    .cpu_ns = (int64_t)task->cpu_ns};
        if (row.doing == DOING_SLEEPS)
            describe_wait(&row, clients, listeners, task, &tasks->waiting.waiters[i]);
        look_at(find(tasks, task, i), &row, task, recording, t_ns);
    }
    end_others(tasks, recording, t_ns);
}

int seen_tasks_common_client(const struct seen_tasks *tasks)
{
    int common = 0;
    for (size_t i = 0; i < tasks->count; i++) {
        const struct recorded_task *row = &tasks->list[i].row;
        if (row->is_runtime || row->doing == DOING_ENDED)
            continue;
        if (row->on != ON_CLIENT || (common != 0 && row->clients[0] != common))
            return 0;
        common = row->clients[0];
    }
    return common;
}

void seen_tasks_release(struct seen_tasks *tasks)
{
    for (size_t i = 0; i < tasks->count; i++)
        free((int *)tasks->list[i].row.clients);
    free(tasks->list);
    waiting_release(&tasks->waiting);
    *tasks = (struct seen_tasks){0};
}
