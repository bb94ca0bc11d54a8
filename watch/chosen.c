#include "watch/chosen.h"

#include "observe/descriptor.h"
#include "watch/following.h"

#include <string.h>

bool client_is_held(const struct picture_client *client)
{
    return client->stage == STAGE_ACCEPTED || client->stage == STAGE_SERVED;
}

static void choose(struct chosen *chosen, const struct picture *picture, bool held)
{
    for (size_t i = 0; i < picture->client_count && chosen->count < SHAPE_CLIENTS_MAX; i++) {
        const struct picture_client *client = &picture->clients[i];
        if (held ? !client_is_held(client) : client->stage != STAGE_QUEUED)
            continue;
        chosen->clients[chosen->count] = client;
        chosen->rows[chosen->count] =
            (struct tcp_row){.state = client->server_state, .inode = client->inode};
        chosen->ends[chosen->count] = &chosen->rows[chosen->count];
        chosen->count++;
    }
}

/* Those that are held come first: who waits is one kind of client, however many there are. */
void chosen_pick(struct chosen *chosen, const struct picture *picture)
{
    *chosen = (struct chosen){0};
    choose(chosen, picture, true);
    choose(chosen, picture, false);
}

bool picture_is_resting(const struct picture *picture)
{
    for (size_t i = 0; i < picture->task_count; i++)
        if (!picture->tasks[i].is_runtime &&
            (picture->tasks[i].doing != DOING_SLEEPS || picture->tasks[i].is_hidden) &&
            picture->tasks[i].doing != DOING_ENDED)
            return false;
    return picture->is_consistent && picture->task_count > 0;
}

struct shape chosen_shape(const struct tracker *tracker, const struct chosen *chosen)
{
    struct shape shape;
    const struct ends ends = {
        .tcp = &tracker->snapshot.tcp, .rows = chosen->ends, .count = chosen->count};
    shape_read_waits(&shape, &tracker->waiting, &ends);
    for (size_t i = 0; i < chosen->count; i++)
        shape.holds[i].owner = chosen->clients[i]->pid;
    if (chosen->count > 0 && shape.holds[0].is_in_loop && shape.holds[0].call != NULL &&
        strncmp(shape.holds[0].call, "epoll", strlen("epoll")) == 0)
        shape.holds[0].epoll_events = process_epoll_events_of(
            shape.holds[0].owner,
            process_descriptor_of_socket(shape.holds[0].owner, chosen->rows[0].inode));
    return shape;
}

size_t chosen_count_served(const struct shape *shape, const struct chosen *chosen)
{
    size_t served = 0;
    for (size_t i = 0; i < chosen->count; i++)
        served += chosen->clients[i]->stage == STAGE_SERVED || shape->holds[i].waiter != 0;
    return served;
}

static bool is_first(const struct chosen *chosen, size_t client)
{
    for (size_t i = 0; i < chosen->count; i++)
        if (chosen->clients[i]->since_ns < chosen->clients[client]->since_ns)
            return false;
    return true;
}

/* Was the task that waits for this client there before it? One that was first seen together with
 * the first client of all may have come with it, or just before it. */
static enum origin origin_of(const struct tracker *tracker, const struct shape *shape,
                             const struct chosen *chosen, size_t client)
{
    if (shape->holds[client].waiter == 0)
        return ORIGIN_UNKNOWN;
    int64_t came_ns = tracker_task_came_ns(tracker, shape->holds[client].waiter);
    if (came_ns < chosen->clients[client]->since_ns)
        return ORIGIN_OLD;
    return is_first(chosen, client) ? ORIGIN_UNKNOWN : ORIGIN_NEW;
}

enum origin chosen_origin(const struct tracker *tracker, const struct shape *shape,
                          const struct chosen *chosen)
{
    enum origin origin = ORIGIN_UNKNOWN;
    for (size_t i = 0; i < chosen->count; i++) {
        enum origin one = origin_of(tracker, shape, chosen, i);
        if (one == ORIGIN_OLD)
            return ORIGIN_OLD;
        origin = one != ORIGIN_UNKNOWN ? one : origin;
    }
    return origin;
}
