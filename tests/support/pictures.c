#include "tests/support/pictures.h"

#include "base/memory.h"

#include <stdio.h>
#include <string.h>

struct picture picture_made(int64_t t_ns)
{
    struct picture picture = {.t_ns = t_ns, .is_consistent = true};
    picture.listeners = allocate(1, sizeof *picture.listeners);
    picture.listener_count = 1;
    picture.listeners[0] = (struct picture_listener){.id = 1, .backlog = 5, .pid = 100};
    address_parse_host("127.0.0.1", 9500, &picture.listeners[0].address);
    picture.model.detail = text_of("not yet known");
    return picture;
}

struct picture_client *picture_add_client(struct picture *picture, enum recorded_stage stage)
{
    picture->clients =
        grow_by_one(picture->clients, picture->client_count, sizeof *picture->clients);
    struct picture_client *client = &picture->clients[picture->client_count++];
    memset(client, 0, sizeof *client);
    client->id = (int)picture->client_count;
    client->listener = 1;
    client->stage = stage;
    client->server_state = client->client_state = STATE_ESTABLISHED;
    address_parse_host("127.0.0.1", 9500, &client->server);
    address_parse_host("127.0.0.1", (uint16_t)(40000 + client->id), &client->client);
    if (stage != STAGE_ACCEPTED && stage != STAGE_SERVED)
        return client;
    client->inode = 1000U + (unsigned)client->id;
    client->pid = client->tid = 100;
    snprintf(client->owner, sizeof client->owner, "python3");
    return client;
}

struct picture_task *picture_add_task(struct picture *picture, pid_t tid, int client)
{
    picture->tasks = grow_by_one(picture->tasks, picture->task_count, sizeof *picture->tasks);
    struct picture_task *task = &picture->tasks[picture->task_count++];
    *task = (struct picture_task){.pid = 100,
                                  .tid = tid,
                                  .name = "python3",
                                  .doing = DOING_SLEEPS,
                                  .call = client != 0 ? "recvfrom" : "accept4",
                                  .on = client != 0 ? ON_CLIENT : ON_LISTENER,
                                  .first = picture->waited_count,
                                  .count = client != 0,
                                  .listener = client == 0};
    if (client != 0) {
        picture->waited =
            grow_by_one(picture->waited, picture->waited_count, sizeof *picture->waited);
        picture->waited[picture->waited_count++] = client;
    }
    return task;
}
