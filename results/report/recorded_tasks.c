#include "results/report/recorded_tasks.h"

#include "base/bytes.h"
#include "base/language.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#define NAMES_MOST 3

static enum sequence_look look_of(const struct recorded_task *task)
{
    static const enum sequence_look looks[] = {
        [ON_NOTHING] = LOOK_ON_OTHER,   [ON_CLIENT] = LOOK_ON_CLIENT, [ON_LISTENER] = LOOK_ON_DOOR,
        [ON_CLIENTS] = LOOK_ON_CLIENTS, [ON_LOCK] = LOOK_ON_OTHER,    [ON_CHILD] = LOOK_ON_OTHER,
        [ON_TIME] = LOOK_ON_OTHER,      [ON_OTHER] = LOOK_ON_OTHER,
    };
    if (task->doing == DOING_RUNS)
        return LOOK_RUNS;
    return task->doing == DOING_ENDED ? LOOK_ENDED : looks[task->on];
}

static void append_clients(struct bytes *out, const struct recorded_people *people,
                           const struct recorded_task *task)
{
    for (size_t i = 0; i < task->client_count && i < NAMES_MOST; i++) {
        char *name = recorded_client_name(people, task->clients[i]);
        bytes_print(out, "%s%s", i > 0 ? ", " : "", name);
        free(name);
    }
    if (task->client_count > NAMES_MOST)
        bytes_print(out, _(" and %zu more"), task->client_count - NAMES_MOST);
}

/* Whom or what it waits for, or "". The caller frees. */
static char *awaited(const struct recorded_people *people, const struct recorded_task *task)
{
    static const char *const words[] = {
        [ON_NOTHING] = "",
        [ON_CLIENT] = N_("one client"),
        [ON_LISTENER] = N_("new clients"),
        [ON_CLIENTS] = N_("several clients"),
        [ON_LOCK] = N_("a lock"),
        [ON_CHILD] = N_("a child"),
        [ON_TIME] = N_("a time"),
        [ON_OTHER] = N_("something else"),
    };
    struct bytes out = {0};
    if (task->client_count > 0)
        append_clients(&out, people, task);
    else if (task->on != ON_NOTHING)
        bytes_print(&out, "%s", _(words[task->on]));
    return bytes_take_text(&out);
}

static void describe(const struct recorded_people *people, const struct recorded_task *task,
                     char **label, char **detail)
{
    if (task->doing != DOING_SLEEPS) {
        static const char *const words[] = {[DOING_RUNS] = N_("runs"),
                                            [DOING_STOPPED] = N_("is stopped"),
                                            [DOING_ENDED] = N_("has ended")};
        *detail = text_of("%s", _(words[task->doing]));
        *label = task->doing == DOING_RUNS ? NULL : text_of("%s", *detail);
        return;
    }
    char *whom = awaited(people, task);
    const char *call = task->call != NULL ? task->call : _("sleeps");
    *label = text_of("%s%s%s", call, whom[0] != '\0' ? "\n" : "", whom);
    *detail = whom[0] != '\0' ? text_of(_("sleeps in %s, waits for %s"), call, whom)
                              : text_of(_("sleeps in %s"), call);
    free(whom);
}

static bool is_as_before(const struct sequence *sequence, size_t mark, const char *detail,
                         enum sequence_look look)
{
    return mark != SEQUENCE_NO_MARK && sequence->marks[mark].look == look &&
           strcmp(sequence->marks[mark].detail, detail) == 0;
}

static size_t part_of(const struct recorded_task *task)
{
    if (task->doing == DOING_RUNS)
        return 0;
    if (task->doing == DOING_ENDED)
        return 3;
    return task->on == ON_CLIENT || task->on == ON_CLIENTS ? 1 : 2;
}

void recorded_task_mark(struct sequence *sequence, struct recorded_people *people,
                        const struct recorded_task *task, int64_t t_ns)
{
    struct recorded_person *person = recorded_person_find(&people->tasks, task->tid);
    if (person->is_runtime)
        return;
    if (person->is_of_crowd) {
        recorded_crowd_move(sequence, &people->tasks, person, part_of(task), t_ns);
        return;
    }
    struct sequence_mark mark = {
        .kind = task->doing == DOING_ENDED ? MARK_DEED : MARK_DOES,
        .lane = person->lane,
        .look = look_of(task),
        .t_ns = t_ns,
    };
    describe(people, task, &mark.label, &mark.detail);
    if (is_as_before(sequence, person->marks[0], mark.detail, mark.look)) {
        free(mark.label);
        free(mark.detail);
        return;
    }
    sequence_end_mark(sequence, person->marks[0], t_ns);
    size_t added = sequence_add(sequence, &mark);
    person->marks[0] = mark.kind == MARK_DOES ? added : SEQUENCE_NO_MARK;
}
