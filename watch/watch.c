#include "watch/watch.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/language.h"
#include "text/printable.h"
#include "watch/changes.h"
#include "watch/history.h"
#include "watch/netstat.h"
#include "watch/pace.h"
#include "watch/record.h"
#include "watch/screen.h"
#include "watch/sentry.h"
#include "watch/target/watched.h"
#include "watch/tracker.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Settled: at rest, and nothing has changed for so many looks. */
#define SETTLED_LOOKS 3

/* Of one look, no more lines than anybody reads. */
#define LINES_MAX 60

struct watching {
    const struct watch_plan *plan;
    struct tracker tracker;
    struct pace pace;
    struct recording json;   /* to standard output */
    struct recording record; /* to the plan's file */
    struct netstat netstat;
    struct bytes shown; /* the table that was printed last */
    struct history history;
    struct screen *screen;
    struct sentry sentry;
    size_t lines; /* of this look */
    size_t unchanged;
    size_t lost; /* looks that were left out, and not told yet */
    int64_t told_ns;
    size_t added; /* to the history at this look */
};

/*** What has changed ***/

static void print_line(struct watching *watching, const struct change *change)
{
    struct bytes text = {0};
    change_say(change, &text);
    if (text.length > 0 && watching->lines++ < LINES_MAX)
        printf("%+10.3f  %.*s\n", (double)change->picture->t_ns / 1e9, (int)text.length,
               bytes_front(&text));
    bytes_release(&text);
}

static void take_change(const struct change *change, void *context)
{
    struct watching *watching = context;
    if (watching->plan->output == WATCH_LINES)
        print_line(watching, change);
    if (watching->plan->output == WATCH_JSON)
        record_change(&watching->json, change);
    if (watching->plan->record != NULL)
        record_change(&watching->record, change);
    if (watching->plan->output == WATCH_SCREEN)
        history_note(&watching->history, change);
}

static void print_table(struct watching *watching)
{
    struct bytes table = {0};
    netstat_append(&watching->netstat, &watching->tracker, &table);
    bool is_empty = watching->tracker.now.listener_count == 0;
    bool is_same = table.length == watching->shown.length &&
                   memcmp(bytes_front(&table), bytes_front(&watching->shown), table.length) == 0;
    if (is_empty || is_same) {
        bytes_release(&table);
        return;
    }
    printf("%+.3f s\n%.*s\n", (double)watching->tracker.now.t_ns / 1e9, (int)table.length,
           bytes_front(&table));
    fflush(stdout);
    bytes_release(&watching->shown);
    watching->shown = table;
}

static void tell_lost(struct watching *watching)
{
    size_t lost = pace_take_left_out(&watching->pace);
    int64_t t_ns = watching->tracker.now.t_ns;
    static const char why[] = "looking took too much of a processor, or others had it";
    watching->lost += lost;
    if (watching->lost == 0 || t_ns - watching->told_ns < NS_PER_S)
        return;
    lost = watching->lost;
    watching->lost = 0;
    watching->told_ns = t_ns;
    if (watching->plan->output == WATCH_JSON)
        recording_lost(&watching->json, t_ns, (int64_t)lost, why);
    if (watching->plan->record != NULL)
        recording_lost(&watching->record, t_ns, (int64_t)lost, why);
}

/*** Looking ***/

static bool is_settled(struct watching *watching, size_t changes)
{
    const struct picture *now = &watching->tracker.now;
    bool rests = now->is_consistent && now->listener_count > 0 && now->task_count > 0;
    for (size_t i = 0; i < now->task_count; i++)
        rests &= now->tasks[i].is_runtime || now->tasks[i].doing != DOING_RUNS;
    watching->unchanged = rests && changes == 0 ? watching->unchanged + 1 : 0;
    return watching->unchanged >= SETTLED_LOOKS;
}

static size_t count_present(const struct picture *picture)
{
    size_t count = 0;
    for (size_t i = 0; i < picture->client_count; i++)
        count += picture->clients[i].stage != STAGE_GONE;
    return count;
}

static bool is_enough(struct watching *watching, size_t changes)
{
    const struct watch_plan *plan = watching->plan;
    bool settled = is_settled(watching, changes);
    return (plan->until_settled && settled) ||
           (plan->until_clients > 0 &&
            count_present(&watching->tracker.now) >= plan->until_clients);
}

static size_t take_changes(struct watching *watching)
{
    const struct tracker *tracker = &watching->tracker;
    watching->lines = watching->added = 0;
    size_t changes = changes_between(&tracker->then, &tracker->now, take_change, watching);
    if (watching->lines > LINES_MAX)
        printf(_("%+10.3f  and %zu more changes\n"), (double)tracker->now.t_ns / 1e9,
               watching->lines - LINES_MAX);
    if (watching->plan->output == WATCH_LINES && changes > 0)
        fflush(stdout);
    if (watching->plan->output == WATCH_NETSTAT)
        print_table(watching);
    if (watching->plan->output == WATCH_SCREEN)
        watching->added += history_add(&watching->history, &tracker->now, changes);
    return changes;
}

/* To read what thousands of threads do costs more than to read the sockets of a loop. */
#define MANY_TASKS     64
#define SHARE_FOR_FEW  0.03
#define SHARE_FOR_MANY 0.15

static double share_of(const struct watching *watching)
{
    if (watching->plan->most_share > 0)
        return watching->plan->most_share;
    return watching->tracker.now.task_count > MANY_TASKS ? SHARE_FOR_MANY : SHARE_FOR_FEW;
}

/* False: to end. */
static bool wait_for_next(struct watching *watching)
{
    watching->pace.most_share = share_of(watching);
    int64_t due_ns = pace_next(&watching->pace, clock_now_ns(), clock_process_cpu_ns());
    tell_lost(watching);
    if (watching->screen != NULL)
        return screen_wait(watching->screen, &watching->history, due_ns);
    while (clock_now_ns() < due_ns && !*watching->plan->is_stopped)
        poll(NULL, 0, clock_timeout_ms(due_ns));
    return true;
}

static int look_on(struct watching *watching, enum recorded_ending *ending)
{
    const struct watch_plan *plan = watching->plan;
    for (;;) {
        bool has_ended = watched_has_ended(plan->target);
        int error = tracker_look(&watching->tracker);
        if (error < 0)
            return error;
        size_t changes = take_changes(watching);
        *ending = ENDED_EXITED;
        if (has_ended || watching->tracker.now.has_ended)
            return 0;
        *ending = ENDED_UNTIL;
        if (is_enough(watching, changes))
            return 0;
        if (watching->screen != NULL)
            screen_show(watching->screen, &watching->history, watching->added);
        *ending = ENDED_INTERRUPTED;
        if (!wait_for_next(watching) || *plan->is_stopped ||
            (plan->output != WATCH_SCREEN && ferror(stdout)))
            return 0;
    }
}

static int begin(struct watching *watching)
{
    const struct watch_plan *plan = watching->plan;
    tracker_init(&watching->tracker, plan->target);
    watching->pace = (struct pace){.interval_ns = plan->interval_ns};
    sentry_start(&watching->sentry, plan->output == WATCH_SCREEN ? STDIN_FILENO : -1,
                 plan->target->is_ours ? plan->target->root : 0);
    int error =
        plan->output == WATCH_JSON ? record_begin(&watching->json, stdout, plan->target) : 0;
    if (error == 0 && plan->record != NULL)
        error = record_begin(&watching->record, plan->record, plan->target);
    if (plan->output == WATCH_SCREEN) {
        history_init(&watching->history);
        watching->screen = screen_open(plan->target->name); /* after the guard: it is told of it */
        error = watching->screen == NULL ? -ENOTTY : error;
    }
    pace_begin(&watching->pace, clock_now_ns(), clock_process_cpu_ns());
    return error;
}

static void say_end(const char *name)
{
    char *sentence = name_in_sentence(_("%s has ended"), name);
    puts(sentence);
    free(sentence);
}

int watch_run(const struct watch_plan *plan)
{
    struct watching watching = {.plan = plan};
    enum recorded_ending ending = ENDED_PARTIAL;
    int error = begin(&watching);
    if (error == 0)
        error = look_on(&watching, &ending);
    if (watching.screen != NULL)
        screen_close(watching.screen);
    if (watching.screen != NULL && error == 0 && ending == ENDED_EXITED)
        say_end(plan->target->name);
    watched_release(plan->target);
    sentry_dismiss(&watching.sentry);
    int64_t t_ns = clock_now_ns() - watching.tracker.began_ns;
    if (plan->output == WATCH_JSON && error == 0)
        recording_end(&watching.json, t_ns, ending);
    if (plan->record != NULL && error == 0)
        error = recording_end(&watching.record, t_ns, ending);
    tracker_release(&watching.tracker);
    netstat_release(&watching.netstat);
    bytes_release(&watching.shown);
    history_release(&watching.history);
    return error;
}
