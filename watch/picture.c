#include "watch/picture.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static void *copy_of(const void *list, size_t count, size_t size_bytes)
{
    void *copy = allocate(count + 1, size_bytes);
    if (count > 0)
        memcpy(copy, list, count * size_bytes);
    return copy;
}

void picture_copy(struct picture *copy, const struct picture *picture)
{
    *copy = *picture;
    copy->listeners =
        copy_of(picture->listeners, picture->listener_count, sizeof *picture->listeners);
    copy->clients = copy_of(picture->clients, picture->client_count, sizeof *picture->clients);
    copy->tasks = copy_of(picture->tasks, picture->task_count, sizeof *picture->tasks);
    copy->waited = copy_of(picture->waited, picture->waited_count, sizeof *picture->waited);
    if (picture->model.detail != NULL)
        copy->model.detail = text_of("%s", picture->model.detail);
    for (size_t i = 0; i < picture->model.because_count; i++)
        copy->model.because[i] = text_of("%s", picture->model.because[i]);
}

void picture_model_release(struct picture_model *model)
{
    free(model->detail);
    for (size_t i = 0; i < model->because_count; i++)
        free(model->because[i]);
    *model = (struct picture_model){0};
}

void picture_release(struct picture *picture)
{
    free(picture->listeners);
    free(picture->clients);
    free(picture->tasks);
    free(picture->waited);
    picture_model_release(&picture->model);
    *picture = (struct picture){0};
}

void picture_copy_name(char copy[TASK_NAME_BYTES], const char name[TASK_NAME_BYTES])
{
    bool has_ended = false;
    for (size_t i = 0; i < TASK_NAME_BYTES; i++) {
        has_ended |= name[i] == '\0' || i + 1 == TASK_NAME_BYTES;
        copy[i] = has_ended ? '\0' : name[i] < ' ' || name[i] > '~' ? '?' : name[i];
    }
}

size_t picture_bytes(const struct picture *picture)
{
    return sizeof *picture + picture->listener_count * sizeof *picture->listeners +
           picture->client_count * sizeof *picture->clients +
           picture->task_count * sizeof *picture->tasks +
           picture->waited_count * sizeof *picture->waited;
}

static int by_id(const void *key, const void *client)
{
    return *(const int *)key - ((const struct picture_client *)client)->id;
}

const struct picture_client *picture_find_client(const struct picture *picture, int id)
{
    return picture->client_count == 0 ? NULL
                                      : bsearch(&id, picture->clients, picture->client_count,
                                                sizeof *picture->clients, by_id);
}

const struct picture_task *picture_find_task(const struct picture *picture, pid_t tid)
{
    for (size_t i = 0; i < picture->task_count; i++)
        if (picture->tasks[i].tid == tid)
            return &picture->tasks[i];
    return NULL;
}

const struct picture_listener *picture_find_listener(const struct picture *picture, int id)
{
    for (size_t i = 0; i < picture->listener_count; i++)
        if (picture->listeners[i].id == id)
            return &picture->listeners[i];
    return NULL;
}

bool picture_clients_equal(const struct picture_client *left, const struct picture_client *right)
{
    return left->id == right->id && left->listener == right->listener &&
           left->stage == right->stage && left->server_state == right->server_state &&
           left->client_state == right->client_state && left->inode == right->inode &&
           left->pid == right->pid && left->tid == right->tid &&
           strcmp(left->owner, right->owner) == 0 && left->unread_bytes == right->unread_bytes &&
           left->unsent_bytes == right->unsent_bytes && left->came_bytes == right->came_bytes &&
           left->went_bytes == right->went_bytes && left->requests == right->requests &&
           strcmp(left->why, right->why) == 0;
}

static bool texts_equal(const char *left, const char *right)
{
    return left == right || (left != NULL && right != NULL && strcmp(left, right) == 0);
}

bool picture_models_equal(const struct picture_model *left, const struct picture_model *right)
{
    if (left->name != right->name || !texts_equal(left->detail, right->detail) ||
        left->because_count != right->because_count)
        return false;
    for (size_t i = 0; i < left->because_count; i++)
        if (!texts_equal(left->because[i], right->because[i]))
            return false;
    return true;
}
