/* Theory of operation: the rules are those of observe/waiting/model_of.h, which the grader feeds
 * with clients that it plays. Here, findings are put together from what is there: the shape of the
 * server without clients, if it was seen so, and with at least two clients at once, at rest. A
 * client counts as served if something it sent was read, or if a task waits for it.
 *
 * Two things cannot be told from one picture. One client served while another waits is a sequential
 * server only if the next one is served when the first has left; and a thread for each client may
 * be a new one or one of a pool, which is known if the threads were seen to come, or the server was
 * seen without clients. Until then no model is named. One that was named stays until the evidence
 * names another.
 */
#include "watch/model_seen.h"

#include "base/clock.h"
#include "base/language.h"
#include "base/memory.h"
#include "observe/waiting/model_of.h"
#include "watch/chosen.h"
#include "watch/following.h"

#include <stdlib.h>
#include <string.h>

/* A server that has just begun may rest for a moment before it starts its workers: what it looks
 * like without clients is believed after so many looks that are alike. */
#define ALIKE_LOOKS 3

/* With many clients, the model is looked at no more often than this. */
#define MANY_CLIENTS     64
#define MANY_INTERVAL_NS NS_PER_S

struct model_seen {
    struct shape before; /* without clients */
    bool has_before;
    size_t
        alone;  /* looks at which it was at rest and unchanged without clients, one after another */
    int holder; /* id of a client that was served alone, while */
    int blocked;        /* this one waited; 0: that was not seen */
    struct shape few;   /* then */
    bool has_next;      /* the other one was served when the first had left */
    uint64_t signature; /* of the picture that was looked at last */
    uint64_t latest;    /* of the one before this one */
    int64_t looked_ns;
    struct picture_model model;
};

struct model_seen *model_seen_new(void)
{
    return allocate(1, sizeof(struct model_seen));
}

void model_seen_free(struct model_seen *seen)
{
    if (seen != NULL)
        picture_model_release(&seen->model);
    free(seen);
}

/*** Concluding ***/

static void because(struct picture_model *model, char *text)
{
    if (model->because_count < BECAUSE_MAX)
        model->because[model->because_count++] = text;
    else
        free(text);
}

static void note_clients(struct picture_model *model, const struct shape *shape,
                         const struct chosen *chosen)
{
    for (size_t i = 0; i < chosen->count && i < 3; i++) {
        const struct hold *hold = &shape->holds[i];
        char *client = text_of(_("client %d"), chosen->clients[i]->id);
        if (chosen->clients[i]->stage == STAGE_QUEUED)
            because(model, text_of(_("%s waits in the accept queue, where no process has taken it"),
                                   client));
        else if (hold->waiter != 0)
            because(model, text_of(hold->is_in_loop
                                       ? _("task %d sleeps in %s on %s, and on others with it")
                                       : _("task %d sleeps in %s on %s alone"),
                                   (int)hold->waiter, hold->call, client));
        else
            because(model, text_of(_("%s is accepted, and no task sleeps on it"), client));
        free(client);
    }
}

static void note_evidence(struct model_seen *seen, struct picture_model *model,
                          const struct shape *shape, const struct chosen *chosen)
{
    if (seen->has_before)
        because(model, text_of(_("before any client: %zu processes, %zu threads"),
                               seen->before.processes, seen->before.tasks));
    because(model, text_of(_("with %zu clients: %zu accepted; %zu processes, %zu threads"),
                           chosen->count, shape->accepted, shape->processes, shape->tasks));
    note_clients(model, shape, chosen);
}

static void replace(struct model_seen *seen, struct picture_model *model)
{
    picture_model_release(&seen->model);
    seen->model = *model;
}

/* Not known yet: unless a model was named before, which stays. */
static void leave_open(struct model_seen *seen, char *detail)
{
    struct picture_model model = {.detail = detail};
    if (seen->model.name == NULL)
        replace(seen, &model);
    else
        free(detail);
}

/* What it looked like before these clients came; false if that is not known. */
static bool find_before(const struct model_seen *seen, const struct tracker *tracker,
                        const struct shape *shape, const struct chosen *chosen,
                        struct shape *before)
{
    *before = seen->before;
    if (seen->has_before || shape_count_in_loops(shape) > 0)
        return true;
    enum origin origin = chosen_origin(tracker, shape, chosen);
    bool are_new = origin == ORIGIN_NEW && shape->tasks >= shape->clients;
    bool are_processes = shape_count_waiters(shape, true) > 1;
    *before = (struct shape){.tasks = shape->tasks, .processes = shape->processes};
    if (are_new)
        before->tasks -= shape->clients;
    if (are_new && are_processes)
        before->processes -= shape->clients;
    return origin != ORIGIN_UNKNOWN;
}

static void name_model(struct model_seen *seen, const struct tracker *tracker,
                       const struct shape *shape, const struct chosen *chosen, size_t served)
{
    struct findings findings = {.first = {.silent = *shape, .spoken = *shape, .served = served},
                                .after = AFTER_NEXT_SERVED};
    struct picture_model model = {0};
    char *hint = NULL;
    if (!find_before(seen, tracker, shape, chosen, &findings.before)) {
        leave_open(seen, text_of("%s", _("not yet known: a task for each client, new or of a pool; "
                                         "the next client will show")));
        return;
    }
    process_program(shape->holds[0].owner, findings.program);
    model.name = model_names[model_of(&findings, &model.detail, &hint)];
    free(hint);
    if (model.name == NULL) {
        free(model.detail);
        leave_open(seen, text_of("%s", _("not yet known: what is seen fits no model")));
        return;
    }
    note_evidence(seen, &model, shape, chosen);
    if (seen->has_next && served == 1)
        because(&model, text_of(_("when client %d left, client %d was served"), seen->holder,
                                seen->blocked));
    replace(seen, &model);
}

/* One is served, and others wait: for it, or for nobody? */
static void name_few(struct model_seen *seen, const struct tracker *tracker,
                     const struct shape *shape, const struct chosen *chosen)
{
    if (seen->has_next) {
        name_model(seen, tracker, shape, chosen, 1);
        return;
    }
    if (seen->blocked == 0) {
        seen->holder = chosen->clients[0]->id;
        seen->blocked = chosen->clients[1]->id;
        seen->few = *shape;
    }
    leave_open(seen, text_of(_("not yet known: one client at a time so far; what becomes of client "
                               "%d when client %d leaves?"),
                             seen->blocked, seen->holder));
}

static bool has_gone(const struct picture *picture, int id)
{
    const struct picture_client *client = picture_find_client(picture, id);
    return client == NULL || client->stage == STAGE_GONE;
}

/* The one that was served alone has gone, and the one that waited is held. */
static void look_for_next(struct model_seen *seen, const struct tracker *tracker)
{
    const struct picture *now = &tracker->now;
    const struct picture_client *blocked = picture_find_client(now, seen->blocked);
    if (seen->blocked == 0 || seen->has_next || !has_gone(now, seen->holder))
        return;
    if (blocked == NULL || blocked->stage == STAGE_GONE) {
        seen->blocked = 0; /* it went away itself */
        return;
    }
    if (!client_is_held(blocked))
        return;
    seen->has_next = true;
    /* Named by what was seen then. */
    struct chosen chosen = {.count = 0};
    struct picture_model model = {0};
    struct findings findings = {
        .before = seen->before,
        .first = {.silent = seen->few, .spoken = seen->few, .served = 1},
        .after = AFTER_NEXT_SERVED,
    };
    char *hint = NULL;
    model.name = model_names[model_of(&findings, &model.detail, &hint)];
    free(hint);
    if (model.name == NULL) {
        free(model.detail);
        return;
    }
    if (seen->has_before)
        because(&model, text_of(_("before any client: %zu processes, %zu threads"),
                                seen->before.processes, seen->before.tasks));
    because(&model, text_of(_("client %d waited while client %d was served, by %zu threads in all"),
                            seen->blocked, seen->holder, seen->few.tasks));
    note_clients(&model, &seen->few, &chosen);
    because(&model,
            text_of(_("when client %d left, client %d was served"), seen->holder, seen->blocked));
    replace(seen, &model);
}

/*** Looking ***/

/* Changes with what the model depends on: who is where, and who waits for whom. */
static uint64_t sign(const struct picture *picture)
{
    uint64_t sum = picture->is_consistent;
    for (size_t i = 0; i < picture->client_count; i++)
        sum = lookup_hash_number(sum * 31 + (uint64_t)picture->clients[i].id * 8 +
                                 picture->clients[i].stage + 1);
    for (size_t i = 0; i < picture->task_count; i++)
        sum = lookup_hash_number(sum * 31 + (uint64_t)picture->tasks[i].tid * 64 +
                                 (uint64_t)picture->tasks[i].on * 4 + picture->tasks[i].doing);
    return sum;
}

static bool is_due(const struct model_seen *seen, const struct picture *picture, uint64_t signature)
{
    if (signature == seen->signature)
        return false;
    return picture->client_count < MANY_CLIENTS ||
           picture->t_ns - seen->looked_ns >= MANY_INTERVAL_NS;
}

static void conclude(struct model_seen *seen, const struct tracker *tracker)
{
    struct chosen chosen;
    chosen_pick(&chosen, &tracker->now);
    struct shape shape = chosen_shape(tracker, &chosen);
    size_t served = chosen_count_served(&shape, &chosen);
    if (chosen.count == 0 && tracker->now.listener_count > 0) {
        leave_open(seen, text_of("%s", _("not yet known: no client so far")));
    } else if (chosen.count == 0) {
        leave_open(seen, text_of("%s", _("it does not listen so far")));
    } else if (chosen.count == 1) {
        leave_open(seen, text_of("%s", _("not yet known: one client so far")));
    } else if (served >= 2) {
        name_model(seen, tracker, &shape, &chosen, served);
    } else if (served == 1) {
        name_few(seen, tracker, &shape, &chosen);
    } else {
        leave_open(seen, text_of("%s", _("not yet known: nobody has been served")));
    }
}

/* Nobody is there, and it listens. */
static bool is_alone(const struct picture *picture)
{
    for (size_t i = 0; i < picture->client_count; i++)
        if (picture->clients[i].stage != STAGE_GONE)
            return false;
    return picture->listener_count > 0 && picture_is_resting(picture);
}

static void look_at_it_alone(struct model_seen *seen, const struct tracker *tracker, bool is_alike)
{
    const struct chosen nobody = {.count = 0};
    if (!is_alone(&tracker->now)) {
        seen->alone = 0;
        return;
    }
    seen->alone = is_alike ? seen->alone + 1 : 1;
    if (seen->alone != ALIKE_LOOKS)
        return;
    seen->before = chosen_shape(tracker, &nobody);
    seen->has_before = true;
}

static bool has_visible_task(const struct picture *picture)
{
    for (size_t i = 0; i < picture->task_count; i++)
        if (!picture->tasks[i].is_hidden)
            return true;
    return false;
}

void model_seen_look(struct model_seen *seen, struct tracker *tracker)
{
    struct picture *now = &tracker->now;
    uint64_t signature = sign(now);
    look_for_next(seen, tracker);
    look_at_it_alone(seen, tracker, signature == seen->latest);
    seen->latest = signature;
    if (!has_visible_task(now))
        leave_open(seen, text_of("%s", _("cannot be known: its processes cannot be seen")));
    else if (is_due(seen, now, signature) && picture_is_resting(now)) {
        conclude(seen, tracker);
        seen->signature = signature;
        seen->looked_ns = now->t_ns;
    }
    if (seen->model.detail == NULL)
        leave_open(seen, text_of("%s", _("not yet known: it has not been seen at rest")));
    now->model.name = seen->model.name;
    now->model.detail = text_of("%s", seen->model.detail);
    for (size_t i = 0; i < seen->model.because_count; i++)
        now->model.because[now->model.because_count++] = text_of("%s", seen->model.because[i]);
}
