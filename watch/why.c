/* Theory of operation: a client waits for the server if it is in the accept queue, or before it, or
 * if it was accepted and what it has sent lies unread. Why, follows from what the tasks do: those
 * that could take it sleep on others, or run, or wait for something else. Threads of a runtime's
 * own are left aside. What a picture that is not consistent seems to show is not concluded: then
 * only the place where the client waits is said.
 */
#include "watch/why.h"

#include "base/bytes.h"
#include "base/language.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What those do who could serve one more client. */
struct doings {
    size_t tasks; /* that are the program's, and alive */
    size_t on_clients;
    size_t running;
    size_t stopped;
    size_t hidden;
    bool one_listens; /* one waits for the listener: the client is about to be taken */
    const struct picture_task *other; /* one that sleeps on something else */
    const struct picture_task *first;
    int clients[4]; /* the first of those that are slept on, each once */
    size_t client_count;
};

static void note_client(struct doings *doings, int id)
{
    for (size_t i = 0; i < doings->client_count && i < 4; i++)
        if (doings->clients[i] == id)
            return;
    if (doings->client_count < 4)
        doings->clients[doings->client_count] = id;
    doings->client_count++;
}

static void note_task(struct doings *doings, const struct picture *picture,
                      const struct picture_task *task, int listener)
{
    doings->tasks++;
    if (doings->first == NULL)
        doings->first = task;
    if (task->is_hidden)
        doings->hidden++;
    else if (task->doing == DOING_RUNS)
        doings->running++;
    else if (task->doing == DOING_STOPPED)
        doings->stopped++;
    else if (listener != 0 && task->listener == listener)
        doings->one_listens = true;
    else if (task->on == ON_CLIENT || task->on == ON_CLIENTS)
        doings->on_clients++;
    else if (doings->other == NULL)
        doings->other = task;
    for (size_t i = 0; i < task->count && task->listener != listener; i++)
        note_client(doings, picture->waited[task->first + i]);
}

static struct doings doings_of(const struct picture *picture, int listener)
{
    struct doings doings = {0};
    for (size_t i = 0; i < picture->task_count; i++) {
        const struct picture_task *task = &picture->tasks[i];
        if (!task->is_runtime && task->doing != DOING_ENDED)
            note_task(&doings, picture, task, listener);
    }
    return doings;
}

static void say_clients(struct bytes *text, const struct doings *doings)
{
    if (doings->client_count == 1) {
        bytes_print(text, _("client %d"), doings->clients[0]);
        return;
    }
    bytes_print(text, "%s ", _("clients"));
    for (size_t i = 0; i < doings->client_count && i < 4; i++)
        bytes_print(text, "%s%d", i > 0 ? ", " : "", doings->clients[i]);
    if (doings->client_count > 4)
        bytes_print(text, ", …");
}

static void say_other(struct bytes *text, const struct picture_task *task)
{
    const char *call = task->call != NULL ? task->call : _("a system call");
    switch (task->on) {
    case ON_LOCK:
        bytes_print(text, _("task %d (%s) waits for a lock or for another thread (%s)"),
                    (int)task->tid, task->name, call);
        break;
    case ON_CHILD:
        bytes_print(text, _("task %d (%s) waits for a child to end (%s)"), (int)task->tid,
                    task->name, call);
        break;
    case ON_TIME:
        bytes_print(text, _("task %d (%s) sleeps for a time (%s)"), (int)task->tid, task->name,
                    call);
        break;
    default:
        bytes_print(text, _("task %d (%s) sleeps in %s"), (int)task->tid, task->name, call);
        break;
    }
}

/* What keeps the tasks from it; nothing if that cannot be concluded. */
static void say_doings(struct bytes *text, const struct doings *doings)
{
    if (doings->tasks == 0 || doings->hidden > 0 || doings->one_listens)
        return;
    if (doings->stopped == doings->tasks) {
        bytes_print(text, ": %s", _("the server is stopped"));
    } else if (doings->on_clients == doings->tasks && doings->client_count > 0) {
        bytes_print(text, ": %s ",
                    doings->tasks == 1 ? _("the only thread sleeps on")
                                       : _("every thread sleeps on"));
        say_clients(text, doings);
    } else if (doings->running > 0) {
        bytes_print(text, _(": a thread runs, and none waits for it (%zu of %zu run)"),
                    doings->running, doings->tasks);
    } else if (doings->other != NULL) {
        bytes_print(text, ": ");
        say_other(text, doings->other);
        if (doings->client_count > 0) {
            bytes_print(text, ", %s ", _("others on"));
            say_clients(text, doings);
        }
    }
}

static void explain_queued(struct bytes *text, const struct doings *doings, bool is_consistent)
{
    bytes_print(text, "%s", _("waits in the accept queue"));
    if (doings->one_listens && is_consistent)
        bytes_print(text, "; %s", _("a thread waits for the listener and is about to take it"));
    else if (is_consistent)
        say_doings(text, doings);
}

static void explain_connecting(struct bytes *text, const struct picture *picture,
                               const struct picture_client *client)
{
    const struct picture_listener *listener = picture_find_listener(picture, client->listener);
    if (listener == NULL || listener->is_gone)
        return;
    if (listener->queued > listener->backlog)
        bytes_print(text, _("waits before the accept queue, which is full (%u, limit %u)"),
                    listener->queued, listener->backlog);
    else if (client->server_state == STATE_SYN_RECV && client->client_state == STATE_ESTABLISHED)
        bytes_print(text, "%s", _("the server wants its first words before it is accepted"));
}

/* Accepted, and what it has sent lies there, though nobody waits for it. */
static void explain_unread(struct bytes *text, const struct doings *doings, bool is_consistent)
{
    bytes_print(text, "%s", _("is accepted, but nobody reads what it has sent"));
    if (is_consistent)
        say_doings(text, doings);
}

static bool is_waited_for(const struct picture *picture, int id)
{
    for (size_t i = 0; i < picture->waited_count; i++)
        if (picture->waited[i] == id)
            return true;
    return false;
}

static bool is_left_alone(const struct picture *picture, const struct picture_client *client)
{
    return (client->stage == STAGE_ACCEPTED || client->stage == STAGE_SERVED) &&
           client->unread_bytes > 0 && picture->is_consistent && picture->task_count > 0 &&
           !is_waited_for(picture, client->id);
}

void why_explain(struct picture *picture)
{
    int listener = -1;
    struct doings doings = {0};
    for (size_t i = 0; i < picture->client_count; i++) {
        struct picture_client *client = &picture->clients[i];
        struct bytes text = {0};
        if (client->listener != listener) /* the same for all clients of a listener */
            doings = doings_of(picture, listener = client->listener);
        if (client->stage == STAGE_QUEUED)
            explain_queued(&text, &doings, picture->is_consistent);
        else if (client->stage == STAGE_CONNECTING)
            explain_connecting(&text, picture, client);
        else if (is_left_alone(picture, client))
            explain_unread(&text, &doings, picture->is_consistent);
        snprintf(client->why, sizeof client->why, "%.*s", (int)text.length,
                 text.length > 0 ? bytes_front(&text) : "");
        bytes_release(&text);
    }
}
