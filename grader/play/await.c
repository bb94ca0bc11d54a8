/* Theory of operation: one loop looks, asks the predicate, and concludes. The kinds of waiting
 * differ in what they may conclude from, and in their windows, which are counted in the
 * submission's own time (settle.h).
 */
#include "grader/play/await.h"

#include "base/clock.h"
#include "base/least.h"
#include "base/memory.h"
#include "grader/play/beside.h"
#include "grader/play/recorder.h"
#include "grader/play/waits.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

/*** Windows ***/

#define REACTION_NS (5 * NS_PER_S)
#define NAPS        10 /* or so many of the longest time that a task sleeps by itself */
#define SILENCE_NS  (2 * NS_PER_S)
#define REST_NS     (2 * NS_PER_S)
#define IDLENESS_NS (10 * NS_PER_S)
#define MOMENT_NS   (20 * NS_PER_MS)
#define RESTLESS_NS (25 * NS_PER_MS) /* for one that was seen not to come to rest */

/* Before any client comes. Who works on then mostly spins, and this is waited for in vain. */
#define REST_OF_START_NS NS_PER_S

/* So many clients are a load of their own, and may take as much longer. */
#define CLIENTS_PER_PATIENCE 100

enum kind { KIND_REACTION, KIND_DEED, KIND_SILENCE, KIND_REST, KIND_IDLENESS };

struct await {
    enum kind kind;
    encounter_predicate *predicate;
    encounter_predicate *is_queued;
};

/* Counted from when the submission last worked. */
static int64_t reaction_window_ns(const struct encounter *encounter)
{
    int64_t nap_ns = settle_longest_nap_ns(&encounter->settle, encounter->patience_ns);
    int64_t theirs_ns = besides_longest_nap_ns(encounter, encounter->patience_ns);
    int64_t naps_ns = NAPS * (nap_ns > theirs_ns ? nap_ns : theirs_ns);
    return least_ns(naps_ns > REACTION_NS ? naps_ns : REACTION_NS, encounter->patience_ns);
}

/* What is left of the window, in the submission's own time; notes how long it is. */
static int64_t left_ns(struct encounter *encounter, enum kind kind)
{
    const struct settle *settle = &encounter->settle;
    int64_t patience_ns = encounter->patience_ns;
    int64_t crowd = 1 + (int64_t)encounter->player_count / CLIENTS_PER_PATIENCE;
    bool expects_no_rest = encounter->is_restless || encounter->was_restless;
    int64_t rest_ns = expects_no_rest                ? RESTLESS_NS
                      : encounter->player_count == 0 ? REST_OF_START_NS
                                                     : REST_NS;
    int64_t since_work_ns = settle->own_ns - settle->worked_ns;
    bool claims = kind != KIND_REST && kind != KIND_IDLENESS;
    if (encounter->within_ns > 0 && claims) {
        encounter->window_ns = encounter->within_ns;
        return encounter->window_ns - encounter->spent_ns - settle->own_ns;
    }
    switch (kind) {
    case KIND_REACTION:
        encounter->window_ns = reaction_window_ns(encounter);
        return least_ns(encounter->window_ns - since_work_ns,
                        crowd * patience_ns - (settle->own_ns - encounter->progressed_ns));
    case KIND_SILENCE:
        encounter->window_ns = least_ns(SILENCE_NS, patience_ns);
        return least_ns(encounter->window_ns - since_work_ns, patience_ns - settle->own_ns);
    case KIND_DEED:
        encounter->window_ns = patience_ns;
        break;
    case KIND_REST:
        encounter->window_ns = least_ns(rest_ns, patience_ns);
        break;
    case KIND_IDLENESS:
        encounter->window_ns = IDLENESS_NS;
        break;
    }
    return encounter->window_ns - settle->own_ns;
}

/*** Looking ***/

/* How often to look. The sources below wake us earlier; /proc and sock_diag cannot. A look at a
 * thousand threads takes a while, and must not take the processor from the submission. */
#define LOOK_MS           5
#define PAUSE_PER_LOOK    2
#define LOOK_SELDOMEST_MS 200
#define STREAM_NS         (20 * NS_PER_MS)

/* More than a server prints at one event. */
#define PRINTED_MAX_BYTES ((int64_t)64 << 20)

static int pause_ms(int64_t look_ns)
{
    int64_t pause = PAUSE_PER_LOOK * look_ns / NS_PER_MS;
    return pause < LOOK_MS ? LOOK_MS : pause > LOOK_SELDOMEST_MS ? LOOK_SELDOMEST_MS : (int)pause;
}

/* A program that prints much blocks until we read: a look at it would only find it busy. */
static void read_stream(struct arena *arena)
{
    struct pollfd terminal = {.fd = arena->terminal_fd, .events = POLLIN};
    int64_t end_ns = clock_now_ns() + STREAM_NS;
    do
        arena_drain(arena);
    while (clock_now_ns() < end_ns && poll(&terminal, 1, 1) == 1 && (terminal.revents & POLLIN));
}

static void wait_for_news(struct encounter *encounter, int64_t look_ns)
{
    const struct arena *arena = &encounter->arena;
    size_t count = 2 + encounter->player_count + arena->run_count;
    struct pollfd *sources = allocate(count, sizeof *sources);
    sources[0].fd = encounter->arena.is_empty ? -1 : encounter->arena.control_fd;
    sources[1].fd = encounter->arena.terminal_fd;
    for (size_t i = 0; i < encounter->player_count; i++) {
        const struct player *player = &encounter->players[i];
        sources[2 + i].fd = player->stream != STREAM_OPEN ? -1 : player->fd;
        sources[2 + i].events = (short)((player->reads_nothing ? 0 : POLLIN) |
                                        (player->outgoing.length > 0 ? POLLOUT : 0));
    }
    sources[0].events = sources[1].events = POLLIN;
    for (size_t i = 0; i < arena->run_count; i++)
        sources[2 + encounter->player_count + i] =
            (struct pollfd){.fd = arena->runs[i].terminal_fd, .events = POLLIN};
    poll(sources, count, pause_ms(look_ns));
    recorder_drain(encounter->recorder); /* a look at many tasks takes a while, too */
    if (sources[1].revents & POLLIN)
        read_stream(&encounter->arena);
    else if (sources[1].revents & POLLHUP)
        poll(NULL, 0, LOOK_MS); /* closed by all: it would wake us at once, always */
    free(sources);
}

static void note_waits(const struct encounter *encounter, int64_t now_ns)
{
    if (encounter->waits != NULL)
        waits_look(encounter->waits, &encounter->settle.current.tasks, now_ns,
                   encounter_name_of_socket, encounter);
}

/* The snapshot may be older than the bytes that were seen; the rows of the evidence must not be. */
static int see_again(struct encounter *encounter)
{
    if (!encounter->has_news)
        return OUTCOME_SEEN;
    int error = snapshot_begin(&encounter->settle.current, &encounter->arena.subject);
    if (error < 0)
        return error;
    note_waits(encounter, clock_now_ns());
    recorder_look(encounter->recorder, encounter);
    return OUTCOME_SEEN;
}

/* The outcome when the window is over. */
static enum outcome outcome_of_time(const struct encounter *encounter)
{
    switch (encounter->activity) {
    case ACTIVITY_STOPPED:
    case ACTIVITY_HIDDEN:
        return OUTCOME_UNSEEN;
    case ACTIVITY_SPINNING:
        return OUTCOME_SPINNING;
    default:
        return OUTCOME_TIMED_OUT;
    }
}

/* It prints on and on while no socket changes: there is nothing to wait for. */
static bool prints_without_end(struct encounter *encounter)
{
    int64_t printed_bytes = arena_printed_bytes(&encounter->arena);
    if (encounter->changes != encounter->settle.changes)
        encounter->output_bytes_at_change = printed_bytes;
    encounter->changes = encounter->settle.changes;
    return printed_bytes > encounter->output_bytes_at_change + PRINTED_MAX_BYTES;
}

/* To have ended is not to rest. But who outlives the submission knows that nothing more comes. */
static void heed_the_end(struct encounter *encounter, bool had_ended)
{
    if (!encounter_is_deserted(encounter))
        return;
    bool is_over = had_ended && encounter->outlives_submission && encounter_is_resting(encounter);
    encounter->activity = is_over ? ACTIVITY_SETTLED : ACTIVITY_BUSY;
}

/* 0 or -errno. In this order: what was printed or sent before the snapshot is seen with it. */
static int look(struct encounter *encounter, enum kind kind, bool had_ended)
{
    struct settle *settle = &encounter->settle;
    left_ns(encounter, kind); /* which notes the window; a proof must reach that far from now */
    settle->until_ns = clock_now_ns() + encounter->window_ns;
    encounter->activity = settle_look(settle, &encounter->arena.subject);
    encounter->activity = besides_look(encounter, encounter->activity);
    if (encounter->activity < 0)
        return encounter->activity;
    note_waits(encounter, settle->current_ns);
    heed_the_end(encounter, had_ended);
    encounter->look_ns = clock_now_ns() - settle->current_ns;
    encounter->has_news = encounter_drain(encounter);
    recorder_look(encounter->recorder, encounter);
    if (encounter->has_news)
        settle->worked_ns = settle->own_ns;
    /* After draining, which tells why the submission ended. */
    arena_hold_to_limits(&encounter->arena, &settle->current.tasks);
    if (settle->current.has_too_many_descriptors)
        arena_end_for(&encounter->arena, LIMIT_DESCRIPTORS);
    if (prints_without_end(encounter) || encounter_floods_the_leaving(encounter))
        encounter->activity = ACTIVITY_SPINNING;
    return encounter->arena.is_lost ? -EPIPE : 0;
}

/*** Concluding ***/

static bool any_is_queued(struct encounter *encounter)
{
    for (size_t i = 0; i < encounter->player_count; i++)
        if (encounter_is_queued(encounter, &encounter->players[i]))
            return true;
    return false;
}

#define NO_OUTCOME (-1)

/* What can be claimed after a look, or NO_OUTCOME. */
static int conclude(struct encounter *encounter, const struct await *await)
{
    bool is_quiet = !encounter->has_news;
    int activity = encounter->activity;
    if (is_quiet && activity == ACTIVITY_SETTLED)
        return OUTCOME_SETTLED;
    if (is_quiet && activity == ACTIVITY_PASSED_OVER && await->kind == KIND_REACTION &&
        await->is_queued(encounter))
        return OUTCOME_PASSED_OVER;
    if (is_quiet && encounter_is_stopped(encounter))
        return OUTCOME_UNSEEN;
    if (activity == ACTIVITY_SPINNING && await->kind != KIND_DEED)
        return OUTCOME_SPINNING;
    return left_ns(encounter, await->kind) <= 0 ? (int)outcome_of_time(encounter) : NO_OUTCOME;
}

static void begin(struct encounter *encounter, const struct await *await)
{
    settle_begin(&encounter->settle);
    besides_begin(encounter);
    encounter->progress = 0;
    encounter->progressed_ns = 0;
    encounter->settle.has_nothing_to_do = await->kind == KIND_IDLENESS;
}

/* Looks; true if that is all: with the outcome, or -errno. */
static bool is_over(struct encounter *encounter, const struct await *await, int *outcome)
{
    bool had_ended = encounter->arena.is_empty; /* the look then sees what is left */
    *outcome = look(encounter, await->kind, had_ended);
    if (*outcome < 0)
        return true;
    if (await->predicate(encounter)) {
        *outcome = see_again(encounter);
        return true;
    }
    bool is_left = !encounter->outlives_submission || encounter->arena.limit != LIMIT_NONE;
    *outcome = had_ended && is_left ? (int)OUTCOME_ENDED : conclude(encounter, await);
    return *outcome != NO_OUTCOME;
}

static int await(struct encounter *encounter, const struct await *await)
{
    int outcome = NO_OUTCOME;
    begin(encounter, await);
    while (!is_over(encounter, await, &outcome))
        wait_for_news(encounter, encounter->look_ns);
    return outcome;
}

/*** What is waited for ***/

int await_reaction(struct encounter *encounter, encounter_predicate *predicate,
                   encounter_predicate *is_queued)
{
    return await(encounter,
                 &(struct await){.kind = KIND_REACTION,
                                 .predicate = predicate,
                                 .is_queued = is_queued != NULL ? is_queued : any_is_queued});
}

static bool queues_are_empty(const struct tcp_table *listeners)
{
    for (size_t i = 0; i < listeners->count; i++)
        if (listeners->rows[i].receive_queue > 0)
            return false;
    return true;
}

bool await_accept(struct encounter *encounter)
{
    struct tcp_table listeners = {0};
    int64_t end_ns = clock_now_ns() + MOMENT_NS;
    bool is_taken = false;
    int error = 0;
    while (!is_taken && error == 0 && clock_now_ns() < end_ns) {
        error = tcp_table_read_listeners(&listeners, encounter->arena.subject.netlink_fd);
        is_taken = error == 0 && queues_are_empty(&listeners);
        if (!is_taken)
            ppoll(NULL, 0, &(struct timespec){.tv_nsec = MOMENT_NS / 200}, NULL);
    }
    tcp_table_release(&listeners);
    return is_taken;
}

int await_deed(struct encounter *encounter, encounter_predicate *predicate)
{
    return await(encounter, &(struct await){.kind = KIND_DEED, .predicate = predicate});
}

int await_silence(struct encounter *encounter, encounter_predicate *predicate)
{
    return await(encounter, &(struct await){.kind = KIND_SILENCE, .predicate = predicate});
}

bool encounter_is_resting(struct encounter *encounter)
{
    return encounter->activity == ACTIVITY_RESTING || encounter->activity == ACTIVITY_PASSED_OVER ||
           encounter->activity == ACTIVITY_SETTLED;
}

static const struct await rest = {.kind = KIND_REST, .predicate = encounter_is_resting};

static int note_rest(struct encounter *encounter, int outcome)
{
    encounter->is_restless |= outcome == OUTCOME_SPINNING || outcome == OUTCOME_TIMED_OUT;
    return outcome;
}

int await_rest(struct encounter *encounter)
{
    return note_rest(encounter, await(encounter, &rest));
}

/* Who was just spoken to is busy at first: a look then would only be compared with in vain. */
#define ANSWER_MS 1

void await_rest_of_both(struct encounter *const both[2], int outcomes[2])
{
    bool is_done[2] = {false, false};
    begin(both[0], &rest);
    begin(both[1], &rest);
    poll(NULL, 0, ANSWER_MS);
    for (;;) {
        for (size_t i = 0; i < 2; i++)
            if (!is_done[i] && is_over(both[i], &rest, &outcomes[i])) {
                is_done[i] = true;
                note_rest(both[i], outcomes[i]);
            }
        if (is_done[0] && is_done[1])
            return;
        struct encounter *late = both[is_done[0] ? 1 : 0];
        wait_for_news(late, late->look_ns);
    }
}

/* Whatever is under way to a client that does not read. */
static bool is_idle(struct encounter *encounter)
{
    return encounter->settle.is_at_rest && !encounter->has_news &&
           !encounter_is_deserted(encounter);
}

int await_time(struct encounter *encounter, int64_t time_ns)
{
    int64_t end_ns = clock_now_ns() + time_ns;
    settle_begin(&encounter->settle);
    for (;;) {
        bool had_ended = encounter->arena.is_empty;
        int error = look(encounter, KIND_REST, had_ended);
        if (error < 0)
            return error;
        if (had_ended && (!encounter->outlives_submission || encounter->arena.limit != LIMIT_NONE))
            return OUTCOME_ENDED;
        if (clock_now_ns() >= end_ns)
            return OUTCOME_SEEN;
        wait_for_news(encounter, encounter->look_ns);
    }
}

int await_idleness(struct encounter *encounter)
{
    return await(encounter, &(struct await){.kind = KIND_IDLENESS, .predicate = is_idle});
}
