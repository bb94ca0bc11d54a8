#include "grader/gradebook/timeline_cast.h"

#include "base/clock.h"
#include "base/language.h"
#include "base/memory.h"
#include "grader/gradebook/graded_text.h"
#include "text/json_field.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ACTORS_MAX ((size_t)16)
#define TASKS_MAX  ((size_t)12)
#define MOST_MS    86400e3

bool timeline_is_wait(const json_t *event)
{
    return json_is_number(json_object_get(event, "until_ms"));
}

int64_t timeline_moment(const json_t *event, const char *key)
{
    double ms = field_number(event, key, 0);
    return isfinite(ms) && ms > 0 ? (int64_t)(fmin(ms, MOST_MS) * NS_PER_MS) : 0;
}

/* Documents have actions in the language of their findings, and nothing else that says what they
 * are. The words are those of act_note_deed()'s callers. */
enum timeline_deed timeline_deed_of(const json_t *event)
{
    static const struct {
        const char *action;
        enum timeline_deed deed;
    } rows[] = {
        {N_("connects"), DEED_CONNECTS},       {N_("says"), DEED_SAYS},
        {N_("ends its side"), DEED_ENDS},      {N_("closes"), DEED_CLOSES},
        {N_("resets"), DEED_CLOSES},           {N_("is answered"), DEED_ANSWERED},
        {N_("sees the end"), DEED_SEES_END},   {N_("is reset"), DEED_IS_RESET},
        {N_("is in states"), DEED_OF_CLIENT},  {N_("listens"), DEED_OF_CLIENT},
        {N_("gets a client"), DEED_OF_CLIENT}, {N_("reads no more"), DEED_OF_CLIENT},
        {N_("reads on"), DEED_OF_CLIENT},
    };
    const char *action = field_text(event, "action");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] && action != NULL; i++)
        if (strcmp(action, rows[i].action) == 0 || strcmp(action, _(rows[i].action)) == 0)
            return rows[i].deed;
    return DEED_OTHER;
}

/*** Who there is ***/

static struct timeline_actor *find_among(struct timeline_actor *actors, size_t count,
                                         const json_t *name)
{
    for (size_t i = 0; i < count; i++)
        if (json_equal(actors[i].name, name))
            return &actors[i];
    return NULL;
}

static struct timeline_actor *find_or_add(struct timeline_actor *actors, size_t *count, size_t most,
                                          const json_t *name)
{
    struct timeline_actor *found = find_among(actors, *count, name);
    if (found != NULL || *count == most)
        return found;
    found = &actors[(*count)++];
    *found = (struct timeline_actor){.name = name,
                                     .state = SEQUENCE_NO_MARK,
                                     .wait = SEQUENCE_NO_MARK,
                                     .waits_for = SEQUENCE_NO_MARK};
    return found;
}

static bool is_submission(const json_t *name)
{
    const char *text = json_string_value(name);
    return text != NULL && (strcmp(text, "submission") == 0 || strcmp(text, _("submission")) == 0);
}

static size_t add_lane(struct sequence *sequence, const json_t *name, enum sequence_lane_kind kind)
{
    return sequence_add_lane(sequence, &(struct sequence_lane){
                                           .kind = kind,
                                           .name = name != NULL ? graded_text(name, SANITISE_STRING)
                                                                : text_of("%s", _("all others")),
                                       });
}

/* "task 7 (server)" in two lines. */
static void split_name(struct sequence_lane *lane)
{
    char *bracket = strstr(lane->name, " (");
    size_t length = bracket != NULL ? strlen(bracket) : 0;
    if (length < 4 || bracket == lane->name || bracket[length - 1] != ')')
        return;
    lane->detail = text_of("%.*s", (int)(length - 3), bracket + 2);
    *bracket = '\0';
}

static void add_lanes(struct timeline_cast *cast, struct sequence *sequence, bool has_rest)
{
    for (size_t i = 0; i < cast->count; i++)
        if (cast->actors[i].is_client)
            cast->actors[i].lane = add_lane(sequence, cast->actors[i].name, LANE_CLIENT);
    if (has_rest)
        cast->rest.lane = add_lane(sequence, NULL, LANE_DOOR);
    cast->door = sequence_add_lane(
        sequence,
        &(struct sequence_lane){.kind = LANE_DOOR, .name = text_of("%s", _("submission"))});
    for (size_t i = 0; i < cast->count; i++) {
        struct timeline_actor *actor = &cast->actors[i];
        if (!actor->is_client)
            actor->lane = is_submission(actor->name) ? cast->door
                                                     : add_lane(sequence, actor->name, LANE_DOOR);
    }
    for (size_t i = 0; i < cast->task_count; i++) {
        cast->tasks[i].lane = add_lane(sequence, cast->tasks[i].name, LANE_TASK);
        split_name(&sequence->lanes[cast->tasks[i].lane]);
    }
}

void timeline_cast_init(struct timeline_cast *cast, const json_t *events, size_t count,
                        struct sequence *sequence)
{
    bool has_rest = false;
    *cast = (struct timeline_cast){
        .actors = allocate(ACTORS_MAX, sizeof cast->actors[0]),
        .tasks = allocate(TASKS_MAX, sizeof cast->tasks[0]),
        .rest = {.state = SEQUENCE_NO_MARK, .wait = SEQUENCE_NO_MARK},
    };
    for (size_t i = 0; i < count; i++) {
        const json_t *event = json_array_get(events, i);
        const json_t *name = json_object_get(event, "actor");
        struct timeline_actor *actor =
            timeline_is_wait(event) ? find_or_add(cast->tasks, &cast->task_count, TASKS_MAX, name)
                                    : find_or_add(cast->actors, &cast->count, ACTORS_MAX, name);
        has_rest |= actor == NULL;
        if (actor != NULL && timeline_deed_of(event) != DEED_OTHER)
            actor->is_client = true;
    }
    add_lanes(cast, sequence, has_rest);
}

void timeline_cast_release(struct timeline_cast *cast)
{
    free(cast->actors);
    free(cast->tasks);
}

struct timeline_actor *timeline_actor_of(struct timeline_cast *cast, const json_t *event)
{
    const json_t *name = json_object_get(event, "actor");
    struct timeline_actor *found = timeline_is_wait(event)
                                       ? find_among(cast->tasks, cast->task_count, name)
                                       : find_among(cast->actors, cast->count, name);
    return found != NULL ? found : &cast->rest;
}

size_t timeline_lane_awaited(const struct timeline_cast *cast, const char *wait)
{
    size_t lane = SEQUENCE_NO_MARK;
    char *call = text_of("%.*s", (int)strcspn(wait, " "), wait);
    for (size_t i = 0; i < cast->count && lane == SEQUENCE_NO_MARK; i++) {
        const char *name = json_string_value(cast->actors[i].name);
        char *text = text_of(_("%s on %s"), call, name != NULL ? name : "");
        if (strcmp(text, wait) == 0)
            lane = cast->actors[i].lane;
        free(text);
    }
    free(call);
    return lane;
}
