#include "grader/sightings/listeners.h"

#include "base/memory.h"
#include "text/printable.h"

#include <stdio.h>
#include <stdlib.h>

void seen_name(char *text, size_t text_bytes, const char *name)
{
    char *shown = name_shown(name);
    snprintf(text, text_bytes, "%s", shown);
    free(shown);
}

int seen_listeners_find(const struct seen_listeners *listeners, unsigned inode)
{
    for (size_t i = 0; i < listeners->count && inode != 0; i++)
        if (listeners->list[i].inode == inode && !listeners->list[i].row.is_gone)
            return listeners->list[i].row.id;
    return 0;
}

int seen_listeners_at(const struct seen_listeners *listeners, uint16_t port)
{
    for (size_t i = 0; i < listeners->count; i++)
        if (listeners->list[i].port == port && !listeners->list[i].row.is_gone)
            return listeners->list[i].row.id;
    return 0;
}

/* NULL: nobody of the submission has it. */
static struct seen_listener *add(struct seen_listeners *listeners, const struct snapshot *snapshot,
                                 const struct tcp_row *row)
{
    const struct task *owner =
        task_list_find(&snapshot->tasks, snapshot_find_owner(snapshot, row->inode));
    if (owner == NULL)
        return NULL;
    listeners->list = grow_by_one(listeners->list, listeners->count, sizeof *listeners->list);
    struct seen_listener *listener = &listeners->list[listeners->count++];
    *listener = (struct seen_listener){
        .row = {.id = (int)listeners->count,
                .backlog = -1, /* unlike any that is seen: it will be written */
                .owner = {.pid = owner->pid, .tid = owner->tid}},
        .inode = row->inode,
        .port = address_port(&row->local),
    };
    address_text(&row->local, listener->text);
    seen_name(listener->owner_name, sizeof listener->owner_name, owner->name);
    return listener;
}

/* Lists that grow move, and texts in them too. */
static void write_row(struct seen_listener *listener, struct recording *recording, int64_t t_ns)
{
    listener->row.address = listener->text;
    listener->row.owner.name = listener->owner_name;
    recording_listener(recording, t_ns, &listener->row);
}

static void look_at(struct seen_listeners *listeners, const struct snapshot *snapshot,
                    const struct tcp_row *row, struct recording *recording, int64_t t_ns)
{
    int id = seen_listeners_find(listeners, row->inode);
    struct seen_listener *listener =
        id > 0 ? &listeners->list[id - 1] : add(listeners, snapshot, row);
    if (listener == NULL)
        return;
    listener->is_there = true;
    if (listener->row.backlog == row->send_queue && listener->row.queued == row->receive_queue)
        return;
    listener->row.backlog = row->send_queue;
    listener->row.queued = row->receive_queue;
    write_row(listener, recording, t_ns);
}

void seen_listeners_look(struct seen_listeners *listeners, const struct snapshot *snapshot,
                         struct recording *recording, int64_t t_ns)
{
    for (size_t i = 0; i < listeners->count; i++)
        listeners->list[i].is_there = false;
    for (size_t i = 0; i < snapshot->tcp.count; i++)
        if (snapshot->tcp.rows[i].state == STATE_LISTEN)
            look_at(listeners, snapshot, &snapshot->tcp.rows[i], recording, t_ns);
    for (size_t i = 0; i < listeners->count; i++) {
        struct seen_listener *listener = &listeners->list[i];
        if (listener->is_there || listener->row.is_gone)
            continue;
        listener->row.is_gone = true;
        listener->row.queued = 0;
        write_row(listener, recording, t_ns);
    }
}

void seen_listeners_release(struct seen_listeners *listeners)
{
    free(listeners->list);
    *listeners = (struct seen_listeners){0};
}
