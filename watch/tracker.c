/* Theory of operation: a look reads the sockets, then the tasks, and, where a task has run since
 * the look before, asks whether the sockets are still what they were. If not, the picture is not
 * consistent: what it seems to show is not concluded. Where nothing has passed through the network
 * and no task has run, the sockets are not read at all (sockets.c). Then
 *
 * 1. each listener of the tree is found or found again,
 * 2. each client that is followed finds its two rows by its addresses, and rows at the port of a
 *    listener that nobody claims are new clients,
 * 3. each task is described by whom it waits for,
 * 4. who has a client is told by who waits on it; only where nobody does, descriptors are searched,
 * 5. a client that waits is told why, and the model is named as far as it can be.
 */
#include "watch/tracker.h"

#include "base/clock.h"
#include "base/memory.h"
#include "observe/task_files.h"
#include "watch/claims.h"
#include "watch/model_seen.h"
#include "watch/owners.h"
#include "watch/target/watched.h"
#include "watch/why.h"

#include <stdlib.h>
#include <string.h>

void tracker_init(struct tracker *tracker, const struct watched *target)
{
    *tracker = (struct tracker){.target = target, .began_ns = clock_now_ns()};
    tracker->sockets.now = &tracker->snapshot.tcp;
    tracker->files = task_files_new();
    tracker->model = model_seen_new();
    tracker->next_client = tracker->next_listener = 1;
}

void tracker_release(struct tracker *tracker)
{
    picture_release(&tracker->now);
    picture_release(&tracker->then);
    snapshot_release(&tracker->snapshot);
    sockets_release(&tracker->sockets);
    waiting_release(&tracker->waiting);
    task_files_free(tracker->files);
    lookup_release(&tracker->rows);
    lookup_release(&tracker->inodes);
    lookup_release(&tracker->over);
    lookup_release(&tracker->over_before);
    free(tracker->is_claimed);
    free(tracker->known);
    free(tracker->known_spare);
    free(tracker->foreign);
    model_seen_free(tracker->model);
}

/*** Tasks ***/

static struct known_task meet(const struct tracker *tracker, const struct task *task, int64_t t_ns)
{
    struct known_task known = {.pid = task->pid, .tid = task->tid, .cpu_ns = task->cpu_ns};
    memcpy(known.name, task->name, sizeof known.name);
    known.runtime = runtime_thread_of(task);
    known.first_ns = tracker->looks == 0 ? -1 : t_ns;
    return known;
}

static void make_room_for_tasks(struct tracker *tracker, size_t count)
{
    if (count <= tracker->known_capacity)
        return;
    tracker->known_capacity = 2 * count;
    tracker->known = reallocate(tracker->known, tracker->known_capacity, sizeof *tracker->known);
    tracker->known_spare =
        reallocate(tracker->known_spare, tracker->known_capacity, sizeof *tracker->known_spare);
}

static enum recorded_doing doing_of(const struct task *task)
{
    if (task->state == 'Z' || task->state == 'X')
        return DOING_ENDED;
    if (task_is_stopped(task))
        return DOING_STOPPED;
    return task->state == 'R' || (task->state != 'S' && task->call < 0) ? DOING_RUNS : DOING_SLEEPS;
}

static enum recorded_on on_without_sockets(const struct waiter *waiter)
{
    switch (waiter->kind) {
    case WAIT_NOTHING:
        return ON_NOTHING;
    case WAIT_CHILD:
        return ON_CHILD;
    case WAIT_LOCK:
        return ON_LOCK;
    case WAIT_TIME:
        return ON_TIME;
    default:
        return ON_OTHER;
    }
}

/* Adds the clients that it waits for to those of the picture. */
static void add_waited(struct tracker *tracker, struct picture_task *task,
                       const struct waiter *waiter)
{
    struct picture *now = &tracker->now;
    task->first = now->waited_count;
    for (size_t i = 0; i < waiter->inode_count; i++) {
        size_t client = lookup_find(&tracker->inodes, lookup_hash_number(waiter->inodes[i]));
        for (size_t l = 0; l < now->listener_count; l++)
            if (!now->listeners[l].is_gone && now->listeners[l].inode == waiter->inodes[i])
                task->listener = now->listeners[l].id;
        if (client == LOOKUP_NONE)
            continue;
        now->waited = grow_by_one(now->waited, now->waited_count, sizeof *now->waited);
        now->waited[now->waited_count++] = now->clients[client].id;
        task->count++;
        now->clients[client].pid = waiter->pid;
        now->clients[client].tid = waiter->tid;
        memcpy(now->clients[client].owner, task->name, sizeof task->name);
    }
}

static void describe_wait(struct tracker *tracker, struct picture_task *task,
                          const struct waiter *waiter)
{
    task->call = waiter->call;
    add_waited(tracker, task, waiter);
    if (task->count > 1 || (task->count == 1 && task->listener != 0))
        task->on = ON_CLIENTS;
    else if (task->count == 1)
        task->on = ON_CLIENT;
    else if (task->listener != 0)
        task->on = ON_LISTENER;
    else
        task->on = on_without_sockets(waiter);
}

static void describe_task(struct tracker *tracker, size_t i, int64_t passed_ns, int64_t t_ns)
{
    const struct task *task = &tracker->snapshot.tasks.tasks[i];
    const struct known_task *known = following_find_task(tracker, i, task->tid);
    struct known_task *kept = &tracker->known_spare[i];
    *kept = known != NULL ? *known : meet(tracker, task, t_ns);
    if (memcmp(kept->name, task->name, sizeof kept->name) != 0) { /* named when it ran already */
        kept->runtime = runtime_thread_of(task);
        memcpy(kept->name, task->name, sizeof kept->name);
    }
    struct picture_task *described = &tracker->now.tasks[i];
    *described = (struct picture_task){
        .pid = task->pid,
        .tid = task->tid,
        .doing = doing_of(task),
        .cpu_ns = task->cpu_ns,
        .is_runtime = kept->runtime != RUNTIME_NONE || task->is_kernel_worker,
        .is_hidden = !task->is_inspectable && task->state != 'Z',
    };
    picture_copy_name(described->name, task->name);
    if (passed_ns > 0 && task->cpu_ns > kept->cpu_ns)
        described->busy_permille =
            (unsigned)((task->cpu_ns - kept->cpu_ns) * 1000 / (uint64_t)passed_ns);
    kept->cpu_ns = task->cpu_ns;
    if (described->doing == DOING_SLEEPS)
        describe_wait(tracker, described, &tracker->waiting.waiters[i]);
}

static void describe_tasks(struct tracker *tracker, int64_t passed_ns, int64_t t_ns)
{
    size_t count = tracker->snapshot.tasks.count;
    make_room_for_tasks(tracker, count);
    tracker->now.tasks = allocate(count + 1, sizeof *tracker->now.tasks);
    tracker->now.task_count = count;
    for (size_t i = 0; i < count; i++)
        describe_task(tracker, i, passed_ns, t_ns);
    struct known_task *known = tracker->known;
    tracker->known = tracker->known_spare;
    tracker->known_spare = known;
    tracker->known_count = count;
}

/*** The look ***/

static void begin_picture(struct tracker *tracker, int64_t t_ns)
{
    picture_release(&tracker->then);
    tracker->then = tracker->now;
    tracker->now = (struct picture){
        .t_ns = t_ns,
        .short_lived = tracker->then.short_lived,
        .is_consistent = tracker->snapshot.is_consistent,
        .is_cut_short = tracker->snapshot.tasks.is_partial,
        .has_ended = tracker->target->root != 0 && tracker->snapshot.tasks.count == 0,
    };
}

static void note_changes(struct picture *now, const struct picture *then)
{
    for (size_t i = 0; i < now->client_count; i++) {
        struct picture_client *client = &now->clients[i];
        const struct picture_client *old = picture_find_client(then, client->id);
        bool is_same = old != NULL && picture_clients_equal(client, old);
        client->changed_ns = is_same ? old->changed_ns : now->t_ns;
    }
}

void tracker_take(struct tracker *tracker, int64_t t_ns)
{
    int64_t passed_ns = tracker->looks > 0 ? t_ns - tracker->looked_ns : 0;
    waiting_read(&tracker->waiting, &tracker->snapshot.tasks);
    begin_picture(tracker, t_ns);
    claims_find_listeners(tracker);
    claims_find_clients(tracker);
    describe_tasks(tracker, passed_ns, t_ns);
    owners_find(tracker);
    why_explain(&tracker->now);
    note_changes(&tracker->now, &tracker->then);
    model_seen_look(tracker->model, tracker);
    tracker->looked_ns = t_ns;
    tracker->looks++;
}

static void read_tasks(struct tracker *tracker)
{
    tracker->snapshot.tasks.count = 0;
    if (tracker->target->root != 0)
        task_list_read_tree_again(&tracker->snapshot.tasks, tracker->target->root, tracker->files);
}

/* Could the sockets be what they were? Whom we cannot see may have taken a client in; and so may
 * those that ran when sockets and tasks were read last, if the sockets were not found unchanged
 * after that. */
static bool are_known(const struct tracker *tracker)
{
    return tracker->looks > 0 && tracker->target->root != 0 && tracker->snapshot.is_consistent;
}

int tracker_look(struct tracker *tracker)
{
    struct snapshot *snapshot = &tracker->snapshot;
    const struct sockets_way way = {.netlink_fd = tracker->target->netlink_fd,
                                    .activity_fd = tracker->target->activity_fd};
    int64_t now_ns = clock_now_ns();
    int64_t t_ns = now_ns - tracker->began_ns;
    bool is_quiet = are_known(tracker) && sockets_are_quiet(&tracker->sockets, &way, now_ns);
    if (is_quiet) {
        read_tasks(tracker);
        is_quiet = !waiting_has_moved(&tracker->waiting, &snapshot->tasks);
    }
    snapshot->is_consistent = true;
    for (size_t i = 0; i < tracker->now.listener_count; i++)
        sockets_note_port(&tracker->sockets, address_port(&tracker->now.listeners[i].address));
    if (!is_quiet) {
        int error = sockets_read(&tracker->sockets, &way, now_ns);
        if (error < 0)
            return error;
        read_tasks(tracker);
        /* Who ran may have taken a client in meanwhile. */
        if (waiting_has_moved(&tracker->waiting, &snapshot->tasks))
            snapshot->is_consistent = sockets_stay(&tracker->sockets, &way);
    }
    tracker_take(tracker, t_ns);
    return 0;
}
