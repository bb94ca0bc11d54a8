/* The clients by which a model is named: those that are held first, then those that wait. */
#ifndef WATCH_CHOSEN_H
#define WATCH_CHOSEN_H

#include "observe/tcp.h"
#include "observe/waiting/shape.h"

struct picture;
struct picture_client;
struct tracker;

struct chosen {
    const struct picture_client *clients[SHAPE_CLIENTS_MAX];
    struct tcp_row rows[SHAPE_CLIENTS_MAX];
    const struct tcp_row *ends[SHAPE_CLIENTS_MAX];
    size_t count;
};

/* Where the tasks come from that wait for them. */
enum origin { ORIGIN_UNKNOWN, ORIGIN_OLD, ORIGIN_NEW };

/* Chooses among the clients of the picture, which must outlive what is chosen. */
void chosen_pick(struct chosen *chosen, const struct picture *picture);

/* What the server looks like with them. */
struct shape chosen_shape(const struct tracker *tracker, const struct chosen *chosen);

/* How many of them are served: something they sent was read, or a task waits for them. */
size_t chosen_count_served(const struct shape *shape, const struct chosen *chosen);

/* Were the tasks that wait for them there before them? */
enum origin chosen_origin(const struct tracker *tracker, const struct shape *shape,
                          const struct chosen *chosen);

bool client_is_held(const struct picture_client *client);

/* Do all tasks sleep, in a picture that belongs together? */
bool picture_is_resting(const struct picture *picture);

#endif
