#include "results/report/recorded_parts.h"

#include "base/memory.h"

#include <stdlib.h>

#define CLIENTS_MOST 8  /* of a part: as many as have lanes of their own among many */
#define PARTS_MOST   16 /* what is left then is one, with a crowd */

/* The rows of one kind that were last seen of each, in the order of their coming. */
struct carried {
    struct recorded_change *rows;
    size_t count;
};

static int id_of(const struct recorded_change *change)
{
    switch (change->kind) {
    case RECORDED_CLIENT:
        return change->client.id;
    case RECORDED_LISTENER:
        return change->listener.id;
    case RECORDED_TASK:
        return change->task.tid;
    default:
        return 0;
    }
}

static bool is_over(const struct recorded_change *change)
{
    switch (change->kind) {
    case RECORDED_CLIENT:
        return change->client.stage == STAGE_GONE;
    case RECORDED_LISTENER:
        return change->listener.is_gone;
    case RECORDED_TASK:
        return change->task.doing == DOING_ENDED;
    default:
        return true;
    }
}

/* Takes a row in the place of the one before it, or away where it is over. True if it is new. */
static bool carry(struct carried *carried, const struct recorded_change *change)
{
    size_t i = 0;
    while (i < carried->count &&
           (carried->rows[i].kind != change->kind || id_of(&carried->rows[i]) != id_of(change)))
        i++;
    bool is_new = i == carried->count;
    if (is_over(change)) {
        for (; i + 1 < carried->count; i++)
            carried->rows[i] = carried->rows[i + 1];
        carried->count -= !is_new;
        return false;
    }
    if (is_new) {
        carried->rows = grow_by_one(carried->rows, carried->count, sizeof carried->rows[0]);
        carried->count++;
    }
    carried->rows[i] = *change;
    return is_new;
}

/*** Where to part ***/

struct search {
    struct carried clients; /* that are there */
    size_t came;            /* since the part began, */
    size_t came_since;      /* and since the last moment without clients */
    size_t quiet;           /* that moment; 0: none in this part */
};

/* Looks at a change; where the part that it is in must end before it comes, or 0. */
static size_t look(struct search *search, const struct recorded *recorded, size_t i)
{
    const struct recorded_change *change = &recorded->changes[i];
    if (search->clients.count == 0 && search->came_since > 0 &&
        (change->kind == RECORDED_NOTE || change->kind == RECORDED_CLIENT)) {
        search->quiet = i;
        search->came_since = 0;
    }
    if (change->kind != RECORDED_CLIENT || !carry(&search->clients, change))
        return 0;
    search->came++;
    search->came_since++;
    if (search->came <= CLIENTS_MOST || search->quiet == 0)
        return 0;
    size_t end = search->quiet;
    search->quiet = 0;
    search->came = search->came_since;
    return end;
}

static size_t *find_ends(const struct recorded *recorded, size_t *count)
{
    struct search search = {0};
    size_t *ends = allocate(PARTS_MOST, sizeof ends[0]);
    *count = 0;
    for (size_t i = 0; i < recorded->count && *count + 1 < PARTS_MOST; i++) {
        size_t end = look(&search, recorded, i);
        if (end > 0)
            ends[(*count)++] = end;
    }
    ends[(*count)++] = recorded->count;
    free(search.clients.rows);
    return ends;
}

/*** Parts ***/

/* What there is when it begins, and its own changes. */
static void make_part(struct recorded *part, const struct recorded *recorded,
                      const struct carried *there, size_t from, size_t to)
{
    *part = *recorded;
    part->count = there->count + to - from;
    part->changes = allocate(part->count + 1, sizeof part->changes[0]);
    int64_t begin_ns = from < to ? recorded->changes[from].t_ns : 0;
    for (size_t i = 0; i < there->count; i++) {
        part->changes[i] = there->rows[i];
        part->changes[i].t_ns = begin_ns > 0 ? begin_ns - 1 : 0;
    }
    for (size_t i = from; i < to; i++)
        part->changes[there->count + i - from] = recorded->changes[i];
}

void recorded_parts_init(struct recorded_parts *parts, const struct recorded *recorded)
{
    size_t *ends = find_ends(recorded, &parts->count);
    struct carried there = {0};
    size_t from = 0;
    parts->parts = allocate(parts->count, sizeof parts->parts[0]);
    for (size_t part = 0; part < parts->count; part++) {
        make_part(&parts->parts[part], recorded, &there, from, ends[part]);
        for (; from < ends[part]; from++)
            if (recorded->changes[from].kind == RECORDED_TASK ||
                recorded->changes[from].kind == RECORDED_LISTENER)
                carry(&there, &recorded->changes[from]);
    }
    free(there.rows);
    free(ends);
}

void recorded_parts_release(struct recorded_parts *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        free(parts->parts[i].changes);
    free(parts->parts);
}
