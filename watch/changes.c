#include "watch/changes.h"

#include "base/language.h"
#include "text/printable.h"

#include <stdlib.h>
#include <string.h>

/*** Finding them ***/

struct visit {
    struct change change;
    change_function *visit;
    void *context;
    size_t count;
};

static void tell(struct visit *visit, enum change_kind kind)
{
    visit->change.kind = kind;
    visit->count++;
    if (visit->visit != NULL)
        visit->visit(&visit->change, visit->context);
}

static bool listeners_differ(const struct picture_listener *before,
                             const struct picture_listener *now)
{
    return before == NULL || before->queued != now->queued || before->backlog != now->backlog ||
           before->is_gone != now->is_gone || before->pid != now->pid;
}

static void compare_listeners(struct visit *visit)
{
    struct change *change = &visit->change;
    for (size_t i = 0; i < change->picture->listener_count; i++) {
        change->listener = &change->picture->listeners[i];
        change->listener_before = picture_find_listener(change->then, change->listener->id);
        if (listeners_differ(change->listener_before, change->listener))
            tell(visit, CHANGE_LISTENER);
    }
}

/* Both lists are in the order of ids. */
static void compare_clients(struct visit *visit)
{
    struct change *change = &visit->change;
    const struct picture *then = change->then, *now = change->picture;
    for (size_t i = 0, j = 0; i < then->client_count || j < now->client_count;) {
        const struct picture_client *before = i < then->client_count ? &then->clients[i] : NULL;
        const struct picture_client *client = j < now->client_count ? &now->clients[j] : NULL;
        bool only_before = client == NULL || (before != NULL && before->id < client->id);
        bool only_now = before == NULL || (client != NULL && client->id < before->id);
        change->client_before = only_now ? NULL : before;
        change->client = only_before ? NULL : client;
        i += !only_now;
        j += !only_before;
        if (only_before || only_now || !picture_clients_equal(before, client))
            tell(visit, CHANGE_CLIENT);
    }
}

static bool waits_differ(const struct change *change)
{
    const struct picture_task *before = change->task_before, *task = change->task;
    return before->count != task->count ||
           (task->count > 0 &&
            memcmp(change->then->waited + before->first, change->picture->waited + task->first,
                   task->count * sizeof change->picture->waited[0]) != 0);
}

static bool tasks_differ(const struct change *change)
{
    const struct picture_task *before = change->task_before, *task = change->task;
    if (before->is_hidden && task->is_hidden) /* that it runs now and then says nothing */
        return false;
    return before->is_hidden != task->is_hidden || before->doing != task->doing ||
           before->on != task->on || before->call != task->call ||
           before->listener != task->listener || strcmp(before->name, task->name) != 0 ||
           waits_differ(change);
}

/* Tasks come in the same order in both, but for those that come and go. */
static const struct picture_task *find_task(const struct picture *picture, size_t hint, pid_t tid)
{
    for (size_t i = 0; i < picture->task_count; i++) {
        const struct picture_task *task = &picture->tasks[(hint + i) % picture->task_count];
        if (task->tid == tid)
            return task;
    }
    return NULL;
}

static void compare_tasks(struct visit *visit)
{
    struct change *change = &visit->change;
    for (size_t i = 0; i < change->then->task_count; i++) {
        change->task = NULL;
        change->task_before = &change->then->tasks[i];
        if (find_task(change->picture, i, change->task_before->tid) == NULL)
            tell(visit, CHANGE_TASK);
    }
    for (size_t i = 0; i < change->picture->task_count; i++) {
        change->task = &change->picture->tasks[i];
        change->task_before = find_task(change->then, i, change->task->tid);
        if (change->task_before == NULL || tasks_differ(change))
            tell(visit, CHANGE_TASK);
    }
}

size_t changes_between(const struct picture *then, const struct picture *now,
                       change_function *visit, void *context)
{
    struct visit all = {
        .change = {.then = then, .picture = now}, .visit = visit, .context = context};
    compare_listeners(&all);
    compare_clients(&all);
    compare_tasks(&all);
    if (!picture_models_equal(&then->model, &now->model))
        tell(&all, CHANGE_MODEL);
    if (then->short_lived != now->short_lived)
        tell(&all, CHANGE_SHORT_LIVED);
    return all.count;
}

/*** Words ***/

const char *stage_word(enum recorded_stage stage)
{
    switch (stage) {
    case STAGE_CONNECTING:
        return _("connecting");
    case STAGE_QUEUED:
        return _("queued");
    case STAGE_ACCEPTED:
        return _("accepted");
    case STAGE_SERVED:
        return _("served");
    case STAGE_GONE:
        return _("gone");
    }
    return "";
}

const char *state_word(enum tcp_state state)
{
    return state == 0 ? "-" : tcp_state_name(state);
}

static void say_listener(const struct change *change, struct bytes *text)
{
    const struct picture_listener *now = change->listener, *before = change->listener_before;
    char address[ADDRESS_TEXT_BYTES];
    address_text(&now->address, address);
    if (now->is_gone)
        bytes_print(text, _("nobody listens on %s any more"), address);
    else if (before == NULL && now->pid != 0)
        bytes_print(text, _("task %d (%s) listens on %s, for at most %u waiting clients"),
                    (int)now->pid, now->name, address, now->backlog);
    else if (before == NULL)
        bytes_print(text, _("somebody listens on %s, for at most %u waiting clients"), address,
                    now->backlog);
    else if (now->queued != before->queued)
        bytes_print(text, _("%u wait in the accept queue of %s"), now->queued, address);
}

static void say_stage(const struct picture_client *client, struct bytes *text)
{
    switch (client->stage) {
    case STAGE_ACCEPTED:
    case STAGE_SERVED:
        bytes_print(text, ": %s", stage_word(client->stage));
        if (client->tid != 0)
            bytes_print(text, _(" by task %d (%s)"), (int)client->tid, client->owner);
        else if (client->pid != 0)
            bytes_print(text, _(" by process %d (%s)"), (int)client->pid, client->owner);
        break;
    default:
        bytes_print(text, ": %s", stage_word(client->stage));
        break;
    }
}

static void say_traffic(const struct picture_client *before, const struct picture_client *client,
                        struct bytes *text)
{
    if (client->came_bytes > before->came_bytes)
        bytes_print(text, _(", sent %llu bytes"),
                    (unsigned long long)(client->came_bytes - before->came_bytes));
    if (client->went_bytes > before->went_bytes)
        bytes_print(text, _(", got %llu bytes"),
                    (unsigned long long)(client->went_bytes - before->went_bytes));
    if (client->unread_bytes != before->unread_bytes)
        bytes_print(text, _(", %u unread"), client->unread_bytes);
    if (client->unsent_bytes != before->unsent_bytes)
        bytes_print(text, _(", %u unsent"), client->unsent_bytes);
}

static void say_client(const struct change *change, struct bytes *text)
{
    static const struct picture_client none;
    const struct picture_client *client = change->client;
    const struct picture_client *before =
        change->client_before != NULL ? change->client_before : &none;
    char address[ADDRESS_TEXT_BYTES];
    if (client == NULL)
        return; /* said when its last end had gone */
    struct bytes said = {0};
    bool is_new = change->client_before == NULL;
    bool stage_differs = is_new || before->stage != client->stage;
    if (is_new)
        bytes_print(&said, " (%s)", address_text(&client->client, address));
    if (stage_differs || (client->tid != before->tid && client->tid != 0))
        say_stage(client, &said);
    say_traffic(before, client, &said);
    if (is_new || before->server_state != client->server_state ||
        before->client_state != client->client_state)
        bytes_print(&said, _("; server %s, client %s"), state_word(client->server_state),
                    state_word(client->client_state));
    if (client->why[0] != '\0' && strcmp(client->why, before->why) != 0)
        bytes_print(&said, "; %s", client->why);
    if (said.length > 0) {
        bytes_print(text, _("client %d"), client->id);
        bytes_append(text, bytes_front(&said), said.length);
    }
    bytes_release(&said);
}

static void say_clients(const struct picture *picture, const struct picture_task *task,
                        struct bytes *text)
{
    if (task->listener != 0)
        bytes_print(text, "%s%s", _("the listener"), task->count > 0 ? _(" and ") : "");
    if (task->count == 1)
        bytes_print(text, _("client %d"), picture->waited[task->first]);
    else if (task->count > 0)
        bytes_print(text, _("%zu clients"), task->count);
}

void task_say(const struct picture *picture, const struct picture_task *task, struct bytes *text)
{
    const char *call = task->call != NULL ? task->call : _("a system call");
    if (task->is_hidden)
        bytes_print(text, "%s", _("cannot be seen"));
    else if (task->doing == DOING_RUNS)
        bytes_print(text, "%s", _("runs"));
    else if (task->doing == DOING_STOPPED)
        bytes_print(text, "%s", _("is stopped"));
    else if (task->doing == DOING_ENDED)
        bytes_print(text, "%s", _("has ended"));
    else if (task->count > 0 || task->listener != 0) {
        bytes_print(text, _("sleeps in %s on "), call);
        say_clients(picture, task, text);
    } else if (task->on == ON_LOCK)
        bytes_print(text, _("sleeps in %s on a lock"), call);
    else if (task->on == ON_CHILD)
        bytes_print(text, _("sleeps in %s on a child"), call);
    else
        bytes_print(text, _("sleeps in %s"), call);
}

static void say_task(const struct change *change, struct bytes *text)
{
    const struct picture_task *task = change->task;
    const struct picture_task *named = task != NULL ? task : change->task_before;
    if (named->is_runtime)
        return;
    char *name = name_shown(named->name);
    bytes_print(text, _("task %d (%s) "), (int)named->tid, name);
    free(name);
    if (task == NULL)
        bytes_print(text, "%s", _("has ended"));
    else
        task_say(change->picture, task, text);
}

static void say_model(const struct picture_model *model, struct bytes *text)
{
    bytes_print(text, "%s", _("model: "));
    if (model->name != NULL)
        bytes_print(text, "%s: ", model->name);
    bytes_print(text, "%s", model->detail != NULL ? model->detail : "");
    for (size_t i = 0; i < model->because_count; i++)
        bytes_print(text, "%s%s", i == 0 ? _("; because ") : "; ", model->because[i]);
}

void change_say(const struct change *change, struct bytes *text)
{
    switch (change->kind) {
    case CHANGE_LISTENER:
        say_listener(change, text);
        break;
    case CHANGE_CLIENT:
        say_client(change, text);
        break;
    case CHANGE_TASK:
        say_task(change, text);
        break;
    case CHANGE_MODEL:
        say_model(&change->picture->model, text);
        break;
    case CHANGE_SHORT_LIVED:
        bytes_print(text, _("%zu connections came and went between two looks"),
                    change->picture->short_lived - change->then->short_lived);
        break;
    }
}
