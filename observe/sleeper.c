#include "observe/sleeper.h"

#include "base/memory.h"
#include "observe/descriptor.h"
#include "observe/wait.h"

#include <stdlib.h>
#include <string.h>

/*** One sleep ***/

static bool is_dead(const struct task *task)
{
    return task->state == 'Z' || task->state == 'X';
}

static bool is_same_sleep(const struct task *one, const struct task *other)
{
    return one->state == other->state && one->switches == other->switches &&
           one->call == other->call &&
           memcmp(one->arguments, other->arguments, sizeof one->arguments) == 0;
}

/* A timer among the descriptors is a time-out, too: the sooner of the two counts. */
static void heed_timers(struct wait *wait, const struct task *task)
{
    for (size_t i = 0; i < wait->descriptor_count; i++) {
        int64_t left_ns = descriptor_timer_left_ns(task->tid, wait->descriptors[i]);
        if (left_ns < 0 || (wait->is_timed && wait->timeout_ns <= left_ns))
            continue;
        wait->is_timed = wait->is_left = true;
        wait->timeout_ns = left_ns;
    }
}

/* FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint64_t hash(uint64_t sum, const void *data, size_t size_bytes)
{
    for (size_t i = 0; i < size_bytes; i++)
        sum = (sum ^ ((const unsigned char *)data)[i]) * 0x100000001b3;
    return sum;
}

/* Addresses and time-outs may differ from round to round. */
static uint64_t place_of(const struct wait *wait, const struct task *task)
{
    uint64_t place = hash(0xcbf29ce484222325, &task->call, sizeof task->call);
    return hash(place, wait->descriptors, wait->descriptor_count * sizeof wait->descriptors[0]);
}

static void fall_asleep(struct sleeper *sleeper, int64_t now_ns)
{
    const struct task *task = &sleeper->task;
    struct wait wait;
    wait_read(&wait, task);
    heed_timers(&wait, task);
    bool is_on_descriptors = wait.descriptor_count > 0 && wait.kind != WAIT_LOCK;
    sleeper->slumber = !wait.is_timed      ? SLUMBER_ENDLESS
                       : is_on_descriptors ? SLUMBER_ON_DESCRIPTORS
                                           : SLUMBER_FOR_A_TIME;
    sleeper->place = place_of(&wait, task);
    sleeper->wakes_ns = NEVER_WAKES_NS;
    sleeper->period_ns = 0;
    if (!wait.is_timed)
        return;
    sleeper->period_ns = wait.timeout_ns > 0 ? wait.timeout_ns : 0;
    int64_t begin_ns = wait.is_left ? now_ns : sleeper->awake_ns;
    sleeper->wakes_ns = begin_ns > 0 ? begin_ns + sleeper->period_ns : 0;
}

/* A thread that holds up others for a while, as the JVM's does when it ends, looks after them more
 * often than this. */
#define IDLE_NS 100000000LL

static bool is_idle(const struct sleeper *sleeper)
{
    return sleeper->slumber == SLUMBER_ENDLESS ||
           (sleeper_is_timed(sleeper) && sleeper->period_ns >= IDLE_NS);
}

/*** From look to look ***/

static bool sleeps(const struct task *task)
{
    return task->state == 'S' && task->is_inspectable &&
           (task->call >= 0 || task->is_kernel_worker);
}

static void look_at(struct sleeper *sleeper, int64_t now_ns)
{
    const struct task *task = &sleeper->task;
    sleeper->slumber = SLUMBER_AWAKE;
    if (is_dead(task))
        sleeper->slumber = SLUMBER_DEAD;
    else if (task_is_stopped(task))
        sleeper->slumber = SLUMBER_STOPPED;
    else if (sleeps(task))
        fall_asleep(sleeper, now_ns);
    if (sleeper->runtime == RUNTIME_ALONGSIDE ||
        (sleeper->runtime == RUNTIME_IDLES && is_idle(sleeper)))
        sleeper->slumber = SLUMBER_LEFT_ASIDE;
    if (!sleeper_is_timed(sleeper))
        return;
    if (sleeper->first_place == 0)
        sleeper->first_place = sleeper->place;
    else if (sleeper->place == sleeper->first_place)
        sleeper->rounds++;
}

static void meet(struct sleeper *sleeper, const struct task *task, int64_t looked_ns,
                 int64_t now_ns)
{
    *sleeper = (struct sleeper){.task = *task, .has_moved = true, .awake_ns = looked_ns};
    sleeper->runtime = runtime_thread_of(task);
    sleeper->ran_ns = (int64_t)task->cpu_ns;
    sleeper->starved_ns = (int64_t)task->delay_ns;
    look_at(sleeper, now_ns);
}

static void look_again(struct sleeper *sleeper, const struct task *task, int64_t looked_ns,
                       int64_t now_ns)
{
    sleeper->before = sleeper->slumber;
    sleeper->has_moved = !is_same_sleep(&sleeper->task, task);
    if (strcmp(sleeper->task.name, task->name) != 0) /* threads are named when they run already */
        sleeper->runtime = runtime_thread_of(task);
    sleeper->ran_ns = (int64_t)(task->cpu_ns - sleeper->task.cpu_ns);
    sleeper->starved_ns = (int64_t)(task->delay_ns - sleeper->task.delay_ns);
    sleeper->task = *task;
    if (!sleeper->has_moved)
        return;
    sleeper->awake_ns = looked_ns;
    look_at(sleeper, now_ns);
}

/* Tasks come in the same order each time, so the search mostly ends where it begins. */
static struct sleeper *find(const struct sleepers *sleepers, size_t hint, pid_t tid)
{
    for (size_t i = 0; i < sleepers->count; i++) {
        struct sleeper *sleeper = &sleepers->list[(hint + i) % sleepers->count];
        if (sleeper->task.tid == tid)
            return sleeper;
    }
    return NULL;
}

static void make_room(struct sleepers *sleepers, size_t count)
{
    if (count <= sleepers->capacity)
        return;
    sleepers->capacity = 2 * count;
    sleepers->list = reallocate(sleepers->list, sleepers->capacity, sizeof *sleepers->list);
    sleepers->spare = reallocate(sleepers->spare, sleepers->capacity, sizeof *sleepers->spare);
}

void sleepers_look(struct sleepers *sleepers, const struct task_list *tasks, int64_t now_ns)
{
    make_room(sleepers, tasks->count);
    sleepers->is_same_set = sleepers->count == tasks->count;
    for (size_t i = 0; i < tasks->count; i++) {
        const struct task *task = &tasks->tasks[i];
        struct sleeper *known = find(sleepers, i, task->tid);
        sleepers->is_same_set &= known != NULL;
        if (known == NULL) {
            meet(&sleepers->spare[i], task, sleepers->looked_ns, now_ns);
            continue;
        }
        look_again(known, task, sleepers->looked_ns, now_ns);
        sleepers->spare[i] = *known;
    }
    struct sleeper *list = sleepers->list;
    sleepers->list = sleepers->spare;
    sleepers->spare = list;
    sleepers->count = tasks->count;
    sleepers->looked_ns = now_ns;
}

void sleepers_begin_rounds(struct sleepers *sleepers)
{
    for (size_t i = 0; i < sleepers->count; i++) {
        struct sleeper *sleeper = &sleepers->list[i];
        sleeper->first_place = sleeper_is_timed(sleeper) ? sleeper->place : 0;
        sleeper->rounds = 0;
    }
}

void sleepers_begin_time(struct sleepers *sleepers)
{
    for (size_t i = 0; i < sleepers->count; i++)
        sleepers->list[i].begin = sleepers->list[i].task;
}

void sleepers_release(struct sleepers *sleepers)
{
    free(sleepers->list);
    free(sleepers->spare);
    *sleepers = (struct sleepers){0};
}

bool sleeper_is_asleep(const struct sleeper *sleeper)
{
    return sleeps(&sleeper->task);
}

bool sleeper_is_timed(const struct sleeper *sleeper)
{
    return sleeper->slumber == SLUMBER_ON_DESCRIPTORS || sleeper->slumber == SLUMBER_FOR_A_TIME;
}
