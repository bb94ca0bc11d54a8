/* Theory of operation: a task that has run since a client spoke, and waits neither for a client nor
 * for a timeout, may have worked for it - or be a thread of a runtime, such as a compiler or a
 * collector, that ran for its own reasons. But workers run whenever a client is served, and those
 * threads only now and then: if on one occasion none has run, there are no workers.
 */
#include "observe/waiting/workers.h"

#include "observe/snapshot.h"
#include "observe/waiting/shape.h"
#include "observe/waiting/waiting.h"

static bool may_be_worker(const struct snapshot *snapshot, const struct shape *shape,
                          const struct waiter *waiter)
{
    for (size_t i = 0; i < shape->clients; i++)
        if (shape->holds[i].waiter == waiter->tid)
            return false;
    return !waiter->is_timed && !waiter->is_kernel_worker &&
           !waiter_is_on_listener(waiter, &snapshot->tcp);
}

static void add(struct workers *workers, pid_t tid)
{
    for (size_t i = 0; i < workers->count; i++)
        if (workers->tids[i] == tid)
            return;
    if (workers->count < WORKERS_MAX)
        workers->tids[workers->count++] = tid;
}

void workers_note(struct workers *workers, const struct snapshot *snapshot,
                  const struct shape *shape, const struct task_list *before)
{
    struct waiting waiting = {0};
    bool has_run = false;
    waiting_read(&waiting, &snapshot->tasks);
    for (size_t i = 0; i < waiting.count; i++) {
        const struct waiter *waiter = &waiting.waiters[i];
        const struct task *old = task_list_find(before, waiter->tid);
        if ((old != NULL && old->switches == waiter->switches) ||
            !may_be_worker(snapshot, shape, waiter))
            continue;
        has_run = true;
        if (old != NULL) /* a new one counts if it is still there for the next client */
            add(workers, waiter->tid);
    }
    waiting_release(&waiting);
    workers->are_needless |= !has_run;
}

size_t workers_count(const struct workers *workers)
{
    return workers->are_needless ? 0 : workers->count;
}
