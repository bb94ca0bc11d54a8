#include "observe/settle.h"

#include "base/clock.h"
#include "base/least.h"

#include <sched.h>
#include <string.h>

void settle_begin(struct settle *settle)
{
    settle->has_current = settle->keep_current = false;
    settle->is_at_rest = settle->is_proved = settle->has_come_round = false;
    settle->own_ns = settle->worked_ns = 0;
}

void settle_release(struct settle *settle)
{
    snapshot_release(&settle->current);
    snapshot_release(&settle->previous);
    sleepers_release(&settle->sleepers);
}

/*** Sockets ***/

/* The client's end of a connection is established already: the server's end waits for its first
 * bytes (TCP_DEFER_ACCEPT), or for room in the queue, and the kernel looks after it some seconds
 * later. */
static bool is_put_off(const struct tcp_table *table, const struct tcp_row *row)
{
    const struct tcp_row *other = tcp_table_find(table, &row->remote, &row->local);
    return row->state == STATE_SYN_RECV && other != NULL && other->state == STATE_ESTABLISHED;
}

/* Bytes not yet acknowledged, or a handshake not yet done. */
static bool is_under_way(const struct tcp_row *row)
{
    if (row->state == STATE_LISTEN)
        return false; /* whose send queue is its limit */
    return row->state == STATE_SYN_SENT || row->state == STATE_SYN_RECV || row->send_queue > 0;
}

/* Where the kernel does not say which datagrams are, nothing is claimed. */
static bool datagrams_are_under_way(const struct snapshot *snapshot, bool is_to_claim)
{
    return snapshot->under_way > 0 || (is_to_claim && snapshot->under_way < 0);
}

/* `puts_off`: what the kernel will do by itself in some seconds is under way, too. */
static bool anything_is_under_way(const struct snapshot *snapshot, bool puts_off)
{
    const struct tcp_table *table = &snapshot->tcp;
    if (datagrams_are_under_way(snapshot, puts_off))
        return true;
    for (size_t i = 0; i < table->count; i++)
        if (is_under_way(&table->rows[i]) && (puts_off || !is_put_off(table, &table->rows[i])))
            return true;
    return false;
}

/*** Tasks ***/

static bool was_at_rest(const struct sleeper *sleeper)
{
    enum slumber before = sleeper->before;
    switch (sleeper->slumber) {
    case SLUMBER_AWAKE:
        return false;
    case SLUMBER_LEFT_ASIDE:
        return true;
    case SLUMBER_ON_DESCRIPTORS:
    case SLUMBER_FOR_A_TIME:
        return !sleeper->has_moved || before == SLUMBER_ON_DESCRIPTORS ||
               before == SLUMBER_FOR_A_TIME;
    default:
        return !sleeper->has_moved;
    }
}

static bool may_only_have_come_round(enum slumber slumber)
{
    return slumber == SLUMBER_AWAKE || slumber == SLUMBER_ON_DESCRIPTORS ||
           slumber == SLUMBER_FOR_A_TIME;
}

static bool has_done_something(const struct sleeper *sleeper)
{
    return sleeper->has_moved && sleeper->slumber != SLUMBER_LEFT_ASIDE &&
           !(may_only_have_come_round(sleeper->before) &&
             may_only_have_come_round(sleeper->slumber));
}

/* For a proof even those that are left aside must sleep: others may wait until a compiler has
 * reached a point where the world can be stopped. */
static bool will_sleep_on(const struct sleeper *sleeper, int64_t until_ns)
{
    if (sleeper->slumber == SLUMBER_LEFT_ASIDE)
        return sleeper_is_asleep(sleeper);
    return (!sleeper->has_moved && sleeper->slumber != SLUMBER_AWAKE &&
            (!sleeper_is_timed(sleeper) || sleeper->wakes_ns > until_ns));
}

static bool has_come_round(const struct sleeper *sleeper, int64_t until_ns)
{
    return will_sleep_on(sleeper, until_ns) ||
           (sleeper->slumber == SLUMBER_ON_DESCRIPTORS && sleeper->rounds >= SETTLE_ROUNDS);
}

/* Does anything follow from its sleep? */
static bool is_alive(const struct sleeper *sleeper)
{
    return sleeper->slumber != SLUMBER_DEAD && sleeper->slumber != SLUMBER_LEFT_ASIDE;
}

struct tally {
    bool all_rested;
    bool all_sleep_on;
    bool all_came_round;
    bool any_moved;
    bool any_did_something;
    bool any_is_timed;
    bool any_is_alive; /* a set of tasks that is empty proves nothing */
};

static struct tally tally_of(const struct settle *settle)
{
    struct tally tally = {.all_rested = true, .all_sleep_on = true, .all_came_round = true};
    for (size_t i = 0; i < settle->sleepers.count; i++) {
        const struct sleeper *sleeper = &settle->sleepers.list[i];
        tally.all_rested &= was_at_rest(sleeper);
        tally.all_sleep_on &= will_sleep_on(sleeper, settle->until_ns);
        tally.all_came_round &= has_come_round(sleeper, settle->until_ns);
        tally.any_moved |= sleeper->has_moved;
        tally.any_did_something |= has_done_something(sleeper);
        tally.any_is_timed |= sleeper_is_timed(sleeper);
        tally.any_is_alive |= is_alive(sleeper);
    }
    return tally;
}

/* ACTIVITY_STOPPED or ACTIVITY_HIDDEN; ACTIVITY_BUSY: no obstacle. */
static enum activity find_obstacle(const struct sleepers *sleepers)
{
    for (size_t i = 0; i < sleepers->count; i++) {
        const struct sleeper *sleeper = &sleepers->list[i];
        if (sleeper->slumber == SLUMBER_STOPPED)
            return ACTIVITY_STOPPED;
        if (sleeper->slumber != SLUMBER_DEAD && !sleeper->task.is_inspectable)
            return ACTIVITY_HIDDEN;
    }
    return ACTIVITY_BUSY;
}

int64_t settle_longest_nap_ns(const struct settle *settle, int64_t most_ns)
{
    int64_t longest_ns = 0;
    for (size_t i = 0; i < settle->sleepers.count; i++) {
        const struct sleeper *sleeper = &settle->sleepers.list[i];
        if (sleeper->slumber == SLUMBER_FOR_A_TIME && sleeper->period_ns > longest_ns &&
            sleeper->period_ns <= most_ns)
            longest_ns = sleeper->period_ns;
    }
    return longest_ns;
}

/*** Time ***/

/* Who works spends at least one part in so many on the processor, or waiting for it. */
#define WORKING_PART 2

/* All together may use so many times what one task may, and the same again for so many tasks. */
#define TOGETHER       4
#define TASKS_TOGETHER 2

int64_t settle_own_time_ns(int64_t passed_ns, int64_t ran_ns, int64_t wanted_ns, int processors)
{
    int64_t could_run_ns = least_ns(wanted_ns, processors * passed_ns);
    int64_t missed_ns = could_run_ns > ran_ns ? could_run_ns - ran_ns : 0;
    if (could_run_ns > passed_ns) /* on several processors at once */
        missed_ns = (int64_t)((double)missed_ns * (double)passed_ns / (double)could_run_ns);
    return passed_ns - least_ns(missed_ns, passed_ns);
}

static int count_processors(void)
{
    cpu_set_t allowed;
    return sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 1;
}

static void count_time(struct settle *settle)
{
    int64_t passed_ns = settle->current_ns - settle->previous_ns;
    int64_t ran_ns = 0;
    int64_t wanted_ns = 0;
    for (size_t i = 0; i < settle->sleepers.count; i++) {
        const struct sleeper *sleeper = &settle->sleepers.list[i];
        if (sleeper->slumber == SLUMBER_LEFT_ASIDE)
            continue;
        ran_ns += sleeper->ran_ns;
        wanted_ns += sleeper->ran_ns + sleeper->starved_ns;
    }
    if (settle->processors == 0)
        settle->processors = count_processors();
    settle->own_ns += settle_own_time_ns(passed_ns, ran_ns, wanted_ns, settle->processors);
    if (wanted_ns > passed_ns / WORKING_PART)
        settle->worked_ns = settle->own_ns;
}

static void begin_time(struct settle *settle)
{
    sleepers_begin_time(&settle->sleepers);
    settle->counted_from_ns = settle->current_ns;
}

static bool is_too_much(const struct settle *settle, uint64_t used_ns, uint64_t kernel_ns,
                        uint64_t times)
{
    bool asks = kernel_ns * SPINNING_PART >= used_ns;
    return used_ns > times * COMPUTING_CPU_NS || kernel_ns > times * ASKING_KERNEL_NS ||
           (settle->has_nothing_to_do && asks && used_ns > times * SPINNING_CPU_NS);
}

static bool has_spun(const struct settle *settle)
{
    uint64_t used_ns = 0, kernel_ns = 0, wanted_ns = 0;
    bool one_spins = false;
    for (size_t i = 0; i < settle->sleepers.count; i++) {
        const struct task *now = &settle->sleepers.list[i].task;
        const struct task *begin = &settle->sleepers.list[i].begin;
        uint64_t used = now->cpu_ns - begin->cpu_ns;
        uint64_t kernel = now->kernel_ns - begin->kernel_ns;
        one_spins |= is_too_much(settle, used, kernel, 1);
        used_ns += used;
        kernel_ns += kernel;
        wanted_ns += used + now->delay_ns - begin->delay_ns;
    }
    uint64_t passed_ns = (uint64_t)(settle->current_ns - settle->counted_from_ns);
    uint64_t together =
        settle->has_nothing_to_do ? 1 : TOGETHER + settle->sleepers.count / TASKS_TOGETHER;
    return wanted_ns * WORKING_PART >= passed_ns &&
           (one_spins || is_too_much(settle, used_ns, kernel_ns, together));
}

int64_t settle_used_ns(const struct settle *settle)
{
    uint64_t used_ns = 0;
    for (size_t i = 0; i < settle->sleepers.count; i++)
        used_ns += settle->sleepers.list[i].task.cpu_ns - settle->sleepers.list[i].begin.cpu_ns;
    return (int64_t)used_ns;
}

/*** Looking ***/

static void make_current_previous(struct settle *settle)
{
    struct snapshot spare = settle->previous;
    settle->previous = settle->current;
    settle->current = spare;
    settle->previous_ns = settle->current_ns;
}

/* The sockets were read before the tasks. If no task has run between two looks, nothing has changed
 * between the two readings; otherwise they are read again, where all else has rested: that is
 * dear. */
static int confirm(struct settle *settle, const struct subject *subject, struct tally *tally)
{
    settle->current.is_consistent = !tally->any_moved;
    if (!tally->any_moved || !tally->all_rested)
        return 0;
    int error = snapshot_complete(&settle->current, subject);
    tally->all_rested = settle->current.is_consistent;
    return error;
}

static void note_change(struct settle *settle, bool same_sockets, const struct tally *tally)
{
    if (!same_sockets) {
        settle->changes++;
        settle->worked_ns = settle->own_ns;
    }
    if (!same_sockets && !settle->has_nothing_to_do)
        begin_time(settle);
    if (!same_sockets || !settle->sleepers.is_same_set || tally->any_did_something)
        sleepers_begin_rounds(&settle->sleepers);
}

static enum activity conclude(struct settle *settle)
{
    enum activity obstacle = find_obstacle(&settle->sleepers);
    if (obstacle != ACTIVITY_BUSY)
        return obstacle; /* what cannot be seen may be anything but settled */
    bool rests = settle->is_at_rest && !anything_is_under_way(&settle->current, false);
    bool is_final = rests && !anything_is_under_way(&settle->current, true);
    if (is_final && settle->is_proved)
        return ACTIVITY_SETTLED;
    if (is_final && settle->has_come_round)
        return ACTIVITY_PASSED_OVER;
    if (has_spun(settle))
        return ACTIVITY_SPINNING;
    return rests ? ACTIVITY_RESTING : ACTIVITY_BUSY;
}

static int compare(struct settle *settle, const struct subject *subject)
{
    const struct task_list *tasks = &settle->current.tasks;
    bool same_sockets = snapshot_has_sockets_of(&settle->current, &settle->previous);
    sleepers_look(&settle->sleepers, tasks, settle->current_ns);
    count_time(settle);
    struct tally tally = tally_of(settle);
    tally.all_rested &= same_sockets && settle->sleepers.is_same_set && !tasks->is_partial;
    int error = confirm(settle, subject, &tally);
    note_change(settle, same_sockets, &tally);
    settle->is_at_rest = tally.all_rested;
    settle->is_proved = tally.all_rested && tally.any_is_alive && tally.all_sleep_on;
    settle->is_endless = settle->is_proved && !tally.any_is_timed;
    settle->has_come_round = tally.all_rested && tally.any_is_alive && tally.all_came_round;
    return error < 0 ? error : (int)conclude(settle);
}

int settle_look(struct settle *settle, const struct subject *subject)
{
    if (settle->keep_current)
        make_current_previous(settle);
    settle->keep_current = false;
    settle->current_ns = clock_now_ns(); /* before: what is seen is no older */
    int error = snapshot_begin(&settle->current, subject);
    if (error < 0)
        return error;
    if (!settle->has_current) {
        settle->has_current = settle->keep_current = true;
        sleepers_look(&settle->sleepers, &settle->current.tasks, settle->current_ns);
        sleepers_begin_rounds(&settle->sleepers);
        begin_time(settle);
        return ACTIVITY_BUSY;
    }
    if (settle->current_ns - settle->previous_ns < SETTLE_INTERVAL_NS)
        return ACTIVITY_BUSY;
    int activity = compare(settle, subject);
    settle->keep_current = activity != ACTIVITY_SETTLED;
    return activity;
}
