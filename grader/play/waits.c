#include "grader/play/waits.h"

#include "base/language.h"
#include "base/memory.h"
#include "grader/play/evidence.h"
#include "observe/task.h"
#include "text/printable.h"

#include <stdlib.h>
#include <string.h>

#define LANES_MAX  ((size_t)12)
#define SPELLS_MAX ((size_t)200)
#define TEXT_BYTES 80
#define NO_SPELL   SPELLS_MAX

struct spell {
    size_t lane;
    char text[TEXT_BYTES];
    int64_t begin_ns;
    int64_t last_ns;
};

struct lane {
    pid_t pid;
    pid_t tid;
    char name[sizeof((struct task *)NULL)->name];
    size_t spell; /* under way, or NO_SPELL */
    uint64_t switches;
    long call;
    bool is_named; /* the text names what it waits on, if that has a name */
};

struct waits {
    int64_t begin_ns;
    struct lane lanes[LANES_MAX];
    size_t lane_count;
    struct spell spells[SPELLS_MAX];
    size_t spell_count;
    size_t tasks_left_out; /* the most at one look */
    size_t spells_left_out;
};

struct waits *waits_new(int64_t begin_ns)
{
    struct waits *waits = allocate(1, sizeof *waits);
    waits->begin_ns = begin_ns;
    return waits;
}

/*** Looking ***/

static void begin_spell(struct waits *waits, size_t number, const char *text, int64_t now_ns)
{
    struct lane *lane = &waits->lanes[number];
    lane->spell = NO_SPELL;
    if (waits->spell_count == SPELLS_MAX) {
        waits->spells_left_out++;
        return;
    }
    lane->spell = waits->spell_count++;
    struct spell *spell = &waits->spells[lane->spell];
    *spell = (struct spell){.lane = number, .begin_ns = now_ns};
    memcpy(spell->text, text, TEXT_BYTES);
}

static void look_at(struct waits *waits, size_t number, const struct task *task, int64_t now_ns,
                    socket_name_function *name, const void *context)
{
    struct lane *lane = &waits->lanes[number];
    char text[TEXT_BYTES];
    if (task->state != 'S' || !task->is_inspectable || task->call < 0) {
        lane->spell = NO_SPELL;
        return;
    }
    bool has_slept_on =
        lane->spell != NO_SPELL && lane->switches == task->switches && lane->call == task->call;
    if (!has_slept_on || !lane->is_named) {
        lane->is_named = wait_said(text, sizeof text, task, name, context);
        if (has_slept_on)
            memcpy(waits->spells[lane->spell].text, text, TEXT_BYTES);
        else if (lane->spell == NO_SPELL || strcmp(waits->spells[lane->spell].text, text) != 0)
            begin_spell(waits, number, text, now_ns);
    }
    lane->switches = task->switches;
    lane->call = task->call;
    if (lane->spell != NO_SPELL)
        waits->spells[lane->spell].last_ns = now_ns;
}

/* The lane of the task, or LANES_MAX if all are taken. */
static size_t lane_of(struct waits *waits, const struct task *task)
{
    size_t number = 0;
    while (number < waits->lane_count && waits->lanes[number].tid != task->tid)
        number++;
    if (number == waits->lane_count && number < LANES_MAX) {
        struct lane *lane = &waits->lanes[waits->lane_count++];
        *lane = (struct lane){.pid = task->pid, .tid = task->tid, .spell = NO_SPELL};
        memcpy(lane->name, task->name, sizeof lane->name);
    }
    return number;
}

void waits_look(struct waits *waits, const struct task_list *tasks, int64_t now_ns,
                socket_name_function *name, const void *context)
{
    size_t left_out = 0;
    for (size_t i = 0; i < tasks->count; i++) {
        const struct task *task = &tasks->tasks[i];
        if (task->is_kernel_worker || task->state == 'Z' || task->state == 'X')
            continue;
        size_t number = lane_of(waits, task);
        if (number == LANES_MAX)
            left_out++;
        else
            look_at(waits, number, task, now_ns, name, context);
    }
    if (left_out > waits->tasks_left_out)
        waits->tasks_left_out = left_out;
}

/*** The document ***/

static double milliseconds(const struct waits *waits, int64_t time_ns)
{
    return (double)(time_ns - waits->begin_ns) / 1e6;
}

/* The submission may have called its tasks anything. */
static json_t *name_of(const struct lane *lane)
{
    char *name = name_shown(lane->name);
    json_t *string = json_sprintf(_("task %d (%s)"), (int)lane->tid, name);
    free(name);
    return string;
}

static json_t *describe_spell(const struct waits *waits, const struct spell *spell)
{
    const struct lane *lane = &waits->lanes[spell->lane];
    return json_pack("{s:f, s:f, s:o, s:s, s:s, s:i, s:i}", "t_ms",
                     milliseconds(waits, spell->begin_ns), "until_ms",
                     milliseconds(waits, spell->last_ns), "actor", name_of(lane), "action",
                     _("waits"), "text", spell->text, "pid", (int)lane->pid, "tid", (int)lane->tid);
}

static double time_of(const json_t *event)
{
    return json_number_value(json_object_get(event, "t_ms"));
}

/* Both are in the order of time. */
static json_t *merge(const struct waits *waits, json_t *deeds)
{
    json_t *merged = json_array();
    size_t deed = 0;
    for (size_t i = 0; i < waits->spell_count; i++) {
        double begin_ms = milliseconds(waits, waits->spells[i].begin_ns);
        while (deed < json_array_size(deeds) && time_of(json_array_get(deeds, deed)) <= begin_ms)
            json_array_append(merged, json_array_get(deeds, deed++));
        json_array_append_new(merged, describe_spell(waits, &waits->spells[i]));
    }
    while (deed < json_array_size(deeds))
        json_array_append(merged, json_array_get(deeds, deed++));
    json_decref(deeds);
    return merged;
}

void waits_show_ended(const struct waits *waits, const struct task_list *tasks, json_t *evidence)
{
    for (size_t i = 0; i < waits->lane_count; i++) {
        const struct lane *lane = &waits->lanes[i];
        if (lane->pid == lane->tid && task_list_find(tasks, lane->tid) == NULL)
            evidence_ended_process(evidence, lane->pid, lane->name);
    }
}

void waits_finish(struct waits *waits, json_t **timeline, json_t **left_out)
{
    if (waits->spell_count > 0)
        *timeline = merge(waits, *timeline);
    if (waits->tasks_left_out > 0 || waits->spells_left_out > 0)
        *left_out = json_pack("{s:I, s:I}", "tasks", (json_int_t)waits->tasks_left_out, "waits",
                              (json_int_t)waits->spells_left_out);
    free(waits);
}
