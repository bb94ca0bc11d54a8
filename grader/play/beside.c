#include "grader/play/beside.h"

#include "base/bytes.h"
#include "base/language.h"
#include "base/memory.h"
#include "text/printable.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>

#define TAIL_BYTES ((size_t)800)

void besides_begin(struct encounter *encounter)
{
    for (size_t i = 0; i < encounter->beside_count; i++)
        settle_begin(&encounter->besides[i].settle);
}

/* That of the submission, as far as it may be claimed with the other's. */
static int combine(int own, int other)
{
    bool sleeps = own == ACTIVITY_SETTLED || own == ACTIVITY_PASSED_OVER || own == ACTIVITY_RESTING;
    if (sleeps && (other == ACTIVITY_BUSY || other == ACTIVITY_SPINNING))
        return ACTIVITY_BUSY;
    return own == ACTIVITY_SETTLED && other != ACTIVITY_SETTLED ? ACTIVITY_RESTING : own;
}

/* Who has settled compares no further by himself, as his waiting is usually over. */
static void go_on(struct settle *settle, int activity)
{
    if (activity == ACTIVITY_SETTLED)
        settle->keep_current = true;
}

/* Its activity, or -errno. */
static int look_at(struct encounter *encounter, struct encounter *beside)
{
    beside->settle.until_ns = encounter->settle.until_ns;
    int activity = settle_look(&beside->settle, &beside->arena.subject);
    if (activity < 0)
        return activity;
    arena_drain(&beside->arena);
    arena_hold_to_limits(&beside->arena, &beside->settle.current.tasks);
    if (beside->arena.has_ended || beside->arena.is_empty) {
        encounter->lost = beside;
        return -ECHILD;
    }
    go_on(&beside->settle, activity);
    return activity;
}

int besides_look(struct encounter *encounter, int activity)
{
    struct settle *settle = &encounter->settle;
    int together = activity;
    for (size_t i = 0; i < encounter->beside_count && activity >= 0; i++) {
        struct encounter *beside = &encounter->besides[i];
        int other = look_at(encounter, beside);
        if (other < 0)
            return other;
        if (other == ACTIVITY_BUSY || other == ACTIVITY_SPINNING)
            settle->worked_ns = settle->own_ns; /* the submission may wait for it */
        settle->is_proved &= beside->settle.is_proved;
        settle->is_endless &= beside->settle.is_endless;
        together = combine(together, other);
    }
    if (together != ACTIVITY_SETTLED)
        go_on(settle, activity);
    return together;
}

int64_t besides_longest_nap_ns(const struct encounter *encounter, int64_t most_ns)
{
    int64_t longest_ns = 0;
    for (size_t i = 0; i < encounter->beside_count; i++) {
        int64_t nap_ns = settle_longest_nap_ns(&encounter->besides[i].settle, most_ns);
        longest_ns = nap_ns > longest_ns ? nap_ns : longest_ns;
    }
    return longest_ns;
}

/*** Its end ***/

char *beside_end_text(const struct encounter *beside)
{
    const struct arena *arena = &beside->arena;
    struct bytes said = {0};
    size_t shown = arena->output.length < TAIL_BYTES ? arena->output.length : TAIL_BYTES;
    printable_append(&said, bytes_front(&arena->output) + (arena->output.length - shown), shown);
    char *output = bytes_take_text(&said);
    char *text =
        !arena->has_ended ? text_of(_("the assignment's program '%s' does not listen; its output: "
                                      "%s"),
                                    beside->name, output)
        : WIFSIGNALED(arena->wait_status)
            ? text_of(_("the assignment's program '%s' was ended by signal %d; its output: %s"),
                      beside->name, WTERMSIG(arena->wait_status), output)
            : text_of(_("the assignment's program '%s' ended with exit code %d; its output: %s"),
                      beside->name, WEXITSTATUS(arena->wait_status), output);
    free(output);
    return text;
}
