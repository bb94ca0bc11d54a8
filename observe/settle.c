#include "observe/settle.h"

#include "base/clock.h"
#include "base/memory.h"
#include "observe/wait.h"

#include <stdlib.h>
#include <string.h>

void settle_begin(struct settle *settle)
{
    settle->has_current = false;
    settle->keep_current = false;
    settle->is_still = false;
}

void settle_release(struct settle *settle)
{
    snapshot_release(&settle->current);
    snapshot_release(&settle->previous);
    free(settle->wakeups);
}

static bool is_dead(const struct task *task)
{
    return task->state == 'Z' || task->state == 'X';
}

static bool is_stopped(const struct task *task)
{
    return task->state == 'T' || task->state == 't';
}

static bool ends_by_itself(const struct settle *settle, const struct wait *wait)
{
    return wait->is_timed || (wait->timeout_ns >= 0 && wait->timeout_ns <= settle->horizon_ns);
}

/* What one task of the newer snapshot has done since the older one. */
enum movement { STILL, WOKE_BY_TIME, RAN };

static enum movement movement_of(const struct settle *settle, const struct task *task,
                                 const struct task *before)
{
    if (before == NULL)
        return RAN;
    if (is_dead(task))
        return is_dead(before) ? STILL : RAN;
    if (is_stopped(task))
        return is_stopped(before) && task->switches == before->switches ? STILL : RAN;
    if (task->state != 'S')
        return RAN;
    bool same_call = task->call == before->call &&
                     memcmp(task->arguments, before->arguments, sizeof task->arguments) == 0;
    if (task->switches == before->switches && same_call)
        return STILL;
    struct wait wait;
    wait_read(&wait, task);
    /* Arguments of a timed call may differ: an absolute time-out, a count of what is left. */
    return ends_by_itself(settle, &wait) && task->call == before->call ? WOKE_BY_TIME : RAN;
}

static struct wakeups *wakeups_of(struct settle *settle, pid_t tid)
{
    for (size_t i = 0; i < settle->wakeups_count; i++)
        if (settle->wakeups[i].tid == tid)
            return &settle->wakeups[i];
    if (settle->wakeups_count == settle->wakeups_capacity) {
        settle->wakeups_capacity = 2 * settle->wakeups_capacity + 8;
        settle->wakeups =
            reallocate(settle->wakeups, settle->wakeups_capacity, sizeof *settle->wakeups);
    }
    struct wakeups *wakeups = &settle->wakeups[settle->wakeups_count++];
    *wakeups = (struct wakeups){.tid = tid};
    return wakeups;
}

/* Has every task that wakes up by itself done so often enough? True if there are none. */
static bool all_have_woken(struct settle *settle)
{
    for (size_t i = 0; i < settle->current.tasks.count; i++) {
        const struct task *task = &settle->current.tasks.tasks[i];
        struct wait wait;
        wait_read(&wait, task);
        if (!is_dead(task) && !is_stopped(task) && ends_by_itself(settle, &wait) &&
            wakeups_of(settle, task->tid)->count < SETTLE_WAKEUPS)
            return false;
    }
    return true;
}

/* Bytes not yet acknowledged, or a handshake not yet done. */
static bool is_under_way(const struct tcp_row *row)
{
    if (row->state == STATE_LISTEN)
        return false; /* whose send queue is its limit */
    return row->state == STATE_SYN_SENT || row->state == STATE_SYN_RECV || row->send_queue > 0;
}

static bool anything_is_under_way(const struct tcp_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        if (is_under_way(&table->rows[i]))
            return true;
    return false;
}

/* The most that any task has moved between the two snapshots; counts wake-ups. */
static enum movement compare(struct settle *settle)
{
    const struct task_list *now = &settle->current.tasks;
    const struct task_list *before = &settle->previous.tasks;
    if (now->count != before->count || now->is_partial ||
        !tcp_tables_equal(&settle->current.tcp, &settle->previous.tcp))
        return RAN;
    enum movement most = STILL;
    for (size_t i = 0; i < now->count; i++) {
        const struct task *task = &now->tasks[i];
        enum movement movement = movement_of(settle, task, task_list_find(before, task->tid));
        if (movement == WOKE_BY_TIME)
            wakeups_of(settle, task->tid)->count++;
        if (movement > most)
            most = movement;
    }
    return most;
}

/* ACTIVITY_STOPPED or ACTIVITY_HIDDEN; ACTIVITY_BUSY: no obstacle. */
static enum activity find_obstacle(const struct task_list *tasks)
{
    for (size_t i = 0; i < tasks->count; i++) {
        const struct task *task = &tasks->tasks[i];
        if (is_dead(task))
            continue;
        if (is_stopped(task))
            return ACTIVITY_STOPPED;
        if (!task->is_inspectable)
            return ACTIVITY_HIDDEN;
    }
    return ACTIVITY_BUSY;
}

static void make_current_previous(struct settle *settle)
{
    struct snapshot spare = settle->previous;
    settle->previous = settle->current;
    settle->current = spare;
    settle->previous_ns = settle->current_ns;
}

/* A change between the reading of the sockets and that of the tasks is looked for only where
 * nothing else has moved: reading all sockets is dear. */
static int confirm(struct settle *settle, const struct subject *subject, enum movement *movement)
{
    if (*movement == RAN)
        return 0;
    int error = snapshot_complete(&settle->current, subject);
    if (!settle->current.is_consistent)
        *movement = RAN;
    return error;
}

/* Signed, as tasks that end take their time along. */
static bool has_spun(const struct settle *settle)
{
    struct processor_time now = snapshot_processor_time(&settle->current);
    int64_t used_ns = (int64_t)(now.all_ns - settle->time_at_change.all_ns);
    int64_t kernel_ns = (int64_t)(now.kernel_ns - settle->time_at_change.kernel_ns);
    bool computes = kernel_ns * COMPUTING_PART < used_ns;
    return used_ns > (computes ? COMPUTING_CPU_NS : SPINNING_CPU_NS);
}

static int conclude(struct settle *settle, const struct subject *subject)
{
    if (!tcp_tables_equal(&settle->current.tcp, &settle->previous.tcp)) {
        settle->time_at_change = snapshot_processor_time(&settle->current);
        settle->changes++;
    }
    enum movement movement = compare(settle);
    int error = confirm(settle, subject, &movement);
    if (error < 0)
        return error;
    if (movement == RAN)
        settle->wakeups_count = 0;
    enum activity obstacle = find_obstacle(&settle->current.tasks);
    settle->is_quiet = movement != RAN && obstacle != ACTIVITY_HIDDEN;
    settle->is_still = settle->is_quiet && all_have_woken(settle);
    if (obstacle != ACTIVITY_BUSY)
        return obstacle; /* what cannot be seen may be anything but settled */
    bool is_under_way = anything_is_under_way(&settle->current.tcp);
    if (settle->is_still && !is_under_way)
        return ACTIVITY_SETTLED;
    if (movement == STILL && !is_under_way)
        return ACTIVITY_RESTING;
    return has_spun(settle) ? ACTIVITY_SPINNING : ACTIVITY_BUSY;
}

int settle_look(struct settle *settle, const struct subject *subject)
{
    if (settle->keep_current)
        make_current_previous(settle);
    settle->keep_current = false;
    int error = snapshot_begin(&settle->current, subject);
    if (error < 0)
        return error;
    settle->current_ns = clock_now_ns();
    if (!settle->has_current) {
        settle->has_current = settle->keep_current = true;
        settle->wakeups_count = 0;
        settle->time_at_change = snapshot_processor_time(&settle->current);
        return ACTIVITY_BUSY;
    }
    if (settle->current_ns - settle->previous_ns < SETTLE_INTERVAL_NS)
        return ACTIVITY_BUSY;
    int activity = conclude(settle, subject);
    settle->keep_current = activity != ACTIVITY_SETTLED;
    return activity;
}
