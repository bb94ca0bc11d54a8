/* Theory of operation: a task that has run since a client spoke, and waits neither for a client nor
 * for a timeout, may have worked for it - or be a thread of a runtime, such as a compiler or a
 * collector, that ran for its own reasons. But workers run whenever a client is served, and those
 * threads only now and then: if on one occasion none has run, there are no workers.
 */
#include "grader/identify/workers.h"

#include "observe/wait.h"

static bool may_be_worker(const struct encounter *encounter, const struct shape *shape,
                          const struct task *task)
{
    struct wait wait;
    wait_read(&wait, task);
    for (size_t i = 0; i < shape->clients; i++)
        if (shape->holds[i].waiter == task->tid)
            return false;
    return !wait.is_timed && !task->is_kernel_worker &&
           !task_waits_for_listener(encounter, task, &wait);
}

static void add(struct workers *workers, pid_t tid)
{
    for (size_t i = 0; i < workers->count; i++)
        if (workers->tids[i] == tid)
            return;
    if (workers->count < WORKERS_MAX)
        workers->tids[workers->count++] = tid;
}

void workers_note(struct workers *workers, const struct encounter *encounter,
                  const struct shape *shape, const struct task_list *before)
{
    const struct task_list *after = &encounter->settle.current.tasks;
    bool has_run = false;
    for (size_t i = 0; i < after->count; i++) {
        const struct task *task = &after->tasks[i];
        const struct task *old = task_list_find(before, task->tid);
        if ((old != NULL && old->switches == task->switches) ||
            !may_be_worker(encounter, shape, task))
            continue;
        has_run = true;
        if (old != NULL) /* a new one counts if it is still there for the next client */
            add(workers, task->tid);
    }
    workers->are_needless |= !has_run;
}

size_t workers_count(const struct workers *workers)
{
    return workers->are_needless ? 0 : workers->count;
}
