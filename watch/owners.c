#include "watch/owners.h"

#include "observe/descriptor.h"
#include "watch/following.h"

#include <string.h>

static bool is_held(const struct picture_client *client)
{
    return client->inode != 0 && client->stage != STAGE_GONE;
}

/* At the look before it had none either, though it was looked for: its process cannot be seen. */
static bool was_searched(const struct tracker *tracker, const struct picture_client *client)
{
    const struct picture_client *old = picture_find_client(&tracker->then, client->id);
    return old != NULL && old->inode == client->inode && old->pid == 0 &&
           tracker->then.task_count == tracker->now.task_count;
}

static bool is_alive(const struct tracker *tracker, pid_t pid)
{
    for (size_t i = 0; i < tracker->now.task_count; i++)
        if (tracker->now.tasks[i].pid == pid && tracker->now.tasks[i].doing != DOING_ENDED)
            return true;
    return false;
}

static bool needs_owner(const struct tracker *tracker, struct picture_client *client)
{
    if (!is_held(client))
        return false;
    if (client->pid != 0 && client->tid == 0 && !is_alive(tracker, client->pid))
        client->pid = 0;
    return client->pid == 0 && !was_searched(tracker, client);
}

struct search {
    struct tracker *tracker;
    const struct task *task;
    size_t missing;
};

static bool note_owner(int task, unsigned inode, void *context)
{
    struct search *search = context;
    struct picture *now = &search->tracker->now;
    size_t at = lookup_find(&search->tracker->inodes, lookup_hash_number(inode));
    (void)task;
    if (at == LOOKUP_NONE || now->clients[at].pid != 0)
        return false;
    now->clients[at].pid = search->task->pid;
    picture_copy_name(now->clients[at].owner, search->task->name);
    return --search->missing == 0;
}

void owners_find(struct tracker *tracker)
{
    const struct task_list *tasks = &tracker->snapshot.tasks;
    struct search search = {.tracker = tracker};
    size_t left = DESCRIPTORS_SEARCHED_MAX;
    for (size_t i = 0; i < tracker->now.client_count; i++)
        search.missing += needs_owner(tracker, &tracker->now.clients[i]);
    for (size_t i = 0; i < tasks->count && search.missing > 0; i++) {
        search.task = &tasks->tasks[i];
        if (i == 0 || search.task->pid != tasks->tasks[i - 1].pid)
            process_each_socket(search.task->tid, &left, note_owner, &search);
    }
}
