#include "results/report/recorded_people.h"

#include "base/bytes.h"
#include "base/language.h"
#include "base/memory.h"
#include "text/json_field.h"

#include <stdlib.h>
#include <string.h>

#define OWN_LANES 8 /* if there are more than ten */
#define MOST_OWN  10
#define FEW       4 /* tasks: each has a lane, though it serve nobody */

static const enum sequence_look client_parts[SEQUENCE_PARTS] = {LOOK_QUEUED, LOOK_ESTABLISHED,
                                                                LOOK_OPENING, LOOK_OVER};
static const enum sequence_look task_parts[SEQUENCE_PARTS] = {LOOK_RUNS, LOOK_ON_CLIENT,
                                                              LOOK_ON_OTHER, LOOK_ENDED};

/*** Who there is ***/

static int compare_people(const void *one, const void *other)
{
    const struct recorded_person *a = one;
    const struct recorded_person *b = other;
    return (a->id > b->id) - (a->id < b->id);
}

struct recorded_person *recorded_person_find(const struct recorded_group *group, int id)
{
    const struct recorded_person wanted = {.id = id};
    return group->count > 0 ? bsearch(&wanted, group->people, group->count, sizeof group->people[0],
                                      compare_people)
                            : NULL;
}

static void add_person(struct recorded_group *group, int id, bool is_runtime)
{
    if (group->count > 0 && group->people[group->count - 1].id == id)
        return;
    group->people = grow_by_one(group->people, group->count, sizeof group->people[0]);
    group->people[group->count++] = (struct recorded_person){
        .id = id,
        .is_runtime = is_runtime,
        .part = SEQUENCE_PARTS,
        .marks = {SEQUENCE_NO_MARK, SEQUENCE_NO_MARK},
    };
}

static void sort_people(struct recorded_group *group)
{
    size_t kept = 0;
    if (group->count > 0)
        qsort(group->people, group->count, sizeof group->people[0], compare_people);
    for (size_t i = 0; i < group->count; i++)
        if (kept == 0 || group->people[kept - 1].id != group->people[i].id)
            group->people[kept++] = group->people[i];
    group->count = kept;
}

/* A wrapper, or a child of its, serves nobody: lanes are for those that do. */
static void find_servant(const struct recorded_group *tasks, const struct recorded_change *change)
{
    int tid = 0;
    if (change->kind == RECORDED_CLIENT)
        tid = change->client.owner.tid;
    else if (change->kind == RECORDED_LISTENER)
        tid = change->listener.owner.tid;
    else if (change->kind == RECORDED_TASK &&
             (change->task.on == ON_CLIENT || change->task.on == ON_CLIENTS ||
              change->task.on == ON_LISTENER))
        tid = change->task.tid;
    struct recorded_person *task = recorded_person_find(tasks, tid);
    if (task != NULL)
        task->has_served = true;
}

static void find_people(struct recorded_people *people, const struct recorded *recorded)
{
    for (size_t i = 0; i < recorded->count; i++) {
        const struct recorded_change *change = &recorded->changes[i];
        if (change->kind == RECORDED_CLIENT)
            add_person(&people->clients, change->client.id, false);
        else if (change->kind == RECORDED_LISTENER)
            add_person(&people->listeners, change->listener.id, false);
        else if (change->kind == RECORDED_TASK)
            add_person(&people->tasks, change->task.tid, change->task.is_runtime);
    }
    sort_people(&people->clients);
    sort_people(&people->listeners);
    sort_people(&people->tasks);
    for (size_t i = 0; i < recorded->count; i++)
        find_servant(&people->tasks, &recorded->changes[i]);
}

/*** What they are called ***/

/* The last row that gives it a name says it. */
static char *detail_of(const struct recorded *recorded, enum recorded_kind kind, int id,
                       const char **name)
{
    const char *detail = NULL;
    for (size_t i = recorded->count; i-- > 0 && *name == NULL;) {
        const struct recorded_change *change = &recorded->changes[i];
        if (change->kind != kind)
            continue;
        if (kind == RECORDED_CLIENT && change->client.id == id) {
            *name = change->client.name;
            detail = detail != NULL ? detail : change->client.client;
        } else if (kind == RECORDED_TASK && change->task.tid == id) {
            *name = change->task.name;
        } else if (kind == RECORDED_LISTENER && change->listener.id == id) {
            *name = detail = change->listener.address;
        }
    }
    return detail != NULL ? text_of("%s", detail) : NULL;
}

static char *address_of(const struct recorded *recorded, int listener)
{
    const char *name = NULL;
    return detail_of(recorded, RECORDED_LISTENER, listener, &name);
}

static size_t add_own_lane(struct sequence *sequence, const struct recorded *recorded,
                           struct recorded_person *person, enum recorded_kind kind)
{
    static const enum sequence_lane_kind kinds[] = {[RECORDED_CLIENT] = LANE_CLIENT,
                                                    [RECORDED_LISTENER] = LANE_DOOR,
                                                    [RECORDED_TASK] = LANE_TASK};
    const char *name = NULL;
    char *detail = detail_of(recorded, kind, person->id, &name);
    if (kind == RECORDED_TASK) {
        person->name = text_of("%s %d", name != NULL ? name : _("task"), person->id);
    } else if (kind == RECORDED_LISTENER) {
        person->name = text_of("%s", _("queue"));
    } else if (name != NULL && name[0] != '\0') {
        person->name = text_of("%s", name);
    } else {
        person->name = text_of(_("client %d"), person->id);
    }
    return sequence_add_lane(sequence, &(struct sequence_lane){.kind = kinds[kind],
                                                               .name = text_of("%s", person->name),
                                                               .detail = detail});
}

static size_t add_crowd_lane(struct sequence *sequence, size_t count, enum recorded_kind kind)
{
    bool are_clients = kind == RECORDED_CLIENT;
    char *name = text_of(are_clients ? _("%zu more clients") : _("%zu more tasks"), count);
    return sequence_add_lane(
        sequence, &(struct sequence_lane){.kind = LANE_CROWD,
                                          .name = name,
                                          .total = count,
                                          .parts = are_clients ? client_parts : task_parts});
}

/* A server that is started again listens where it did. */
static bool share_lane(struct recorded_group *group, size_t number, const struct recorded *recorded,
                       enum recorded_kind kind)
{
    if (kind != RECORDED_LISTENER)
        return false;
    char *address = address_of(recorded, group->people[number].id);
    bool is_shared = false;
    for (size_t i = 0; i < number && address != NULL && !is_shared; i++) {
        char *other = address_of(recorded, group->people[i].id);
        is_shared = other != NULL && strcmp(address, other) == 0;
        if (is_shared)
            group->people[number].lane = group->people[i].lane;
        free(other);
    }
    free(address);
    return is_shared;
}

/* How many have lanes of their own; of many tasks, those that serve somebody. */
static size_t choose_own(const struct recorded_group *group, size_t *shown, bool *are_servants)
{
    size_t servants = 0;
    *shown = 0;
    for (size_t i = 0; i < group->count; i++) {
        *shown += !group->people[i].is_runtime;
        servants += group->people[i].has_served && !group->people[i].is_runtime;
    }
    *are_servants = servants > 0 && *shown > FEW;
    size_t own = *are_servants ? servants : *shown;
    return own > MOST_OWN ? OWN_LANES : own;
}

/* Lanes of their own for the first of a group, and one for its crowd. */
static void add_lanes(struct recorded_group *group, const struct recorded *recorded,
                      struct sequence *sequence, enum recorded_kind kind)
{
    size_t shown = 0;
    bool are_servants = false;
    size_t own = choose_own(group, &shown, &are_servants);
    group->crowd = group->level = SEQUENCE_NO_MARK;
    group->crowd_count = shown - own;
    for (size_t i = 0; i < group->count; i++) {
        struct recorded_person *person = &group->people[i];
        if (person->is_runtime || share_lane(group, i, recorded, kind))
            continue;
        person->is_of_crowd = own == 0 || (are_servants && !person->has_served);
        if (!person->is_of_crowd) {
            own--;
            person->lane = add_own_lane(sequence, recorded, person, kind);
        }
    }
    if (group->crowd_count > 0) /* at a listener nobody is counted */
        group->crowd = kind == RECORDED_LISTENER
                           ? group->people[0].lane
                           : add_crowd_lane(sequence, group->crowd_count, kind);
    for (size_t i = 0; i < group->count; i++)
        if (group->people[i].is_of_crowd)
            group->people[i].lane = group->crowd;
}

void recorded_people_init(struct recorded_people *people, const struct recorded *recorded,
                          struct sequence *sequence)
{
    *people = (struct recorded_people){0};
    find_people(people, recorded);
    add_lanes(&people->clients, recorded, sequence, RECORDED_CLIENT);
    people->door = sequence->lane_count;
    if (people->listeners.count == 0)
        sequence_add_lane(sequence, &(struct sequence_lane){.kind = LANE_DOOR,
                                                            .name = text_of("%s", _("server"))});
    add_lanes(&people->listeners, recorded, sequence, RECORDED_LISTENER);
    add_lanes(&people->tasks, recorded, sequence, RECORDED_TASK);
    for (size_t i = 0; i < people->tasks.count; i++)
        people->runtime_count += people->tasks.people[i].is_runtime;
}

static void release_group(struct recorded_group *group)
{
    for (size_t i = 0; i < group->count; i++)
        free(group->people[i].name);
    free(group->people);
}

void recorded_people_release(struct recorded_people *people)
{
    release_group(&people->clients);
    release_group(&people->listeners);
    release_group(&people->tasks);
}

char *recorded_client_name(const struct recorded_people *people, int id)
{
    const struct recorded_person *person = recorded_person_find(&people->clients, id);
    if (person != NULL && person->name != NULL)
        return text_of("%s", person->name);
    return text_of(_("client %d"), id);
}

/*** Crowds ***/

static char *words_of(const struct recorded_group *group, const struct sequence_lane *lane)
{
    static const char *const client_words[SEQUENCE_PARTS] = {N_("queued"), N_("accepted"),
                                                             N_("connecting"), N_("gone")};
    static const char *const task_words[SEQUENCE_PARTS] = {N_("run"), N_("on clients"), N_("wait"),
                                                           N_("ended")};
    const char *const *words = lane->parts == client_parts ? client_words : task_words;
    struct bytes out = {0};
    for (size_t i = 0; i < SEQUENCE_PARTS; i++)
        if (group->counts[i] > 0)
            bytes_print(&out, "%s%zu %s", out.length > 0 ? ", " : "", group->counts[i],
                        _(words[i]));
    return bytes_take_text(&out);
}

void recorded_crowd_move(struct sequence *sequence, struct recorded_group *group,
                         struct recorded_person *person, size_t part, int64_t t_ns)
{
    if (person->part == part)
        return;
    if (person->part < SEQUENCE_PARTS)
        group->counts[person->part]--;
    group->counts[part]++;
    person->part = part;
    sequence_end_mark(sequence, group->level, t_ns);
    struct sequence_mark level = {.kind = MARK_LEVEL, .lane = group->crowd, .t_ns = t_ns};
    memcpy(level.counts, group->counts, sizeof level.counts);
    level.label = words_of(group, &sequence->lanes[group->crowd]);
    level.detail = text_of("%s", level.label);
    group->level = sequence_add(sequence, &level);
}
