/* Pictures made by hand: a server with its threads and clients. */
#ifndef TESTS_SUPPORT_PICTURES_H
#define TESTS_SUPPORT_PICTURES_H

#include "watch/picture.h"

/* One listener, with no client and no task yet; `t_ns` is its time. To be released. */
struct picture picture_made(int64_t t_ns);

/* Adds a client, with the next id, and returns it: valid until the next one. Those that are held
 * are held by task 100. */
struct picture_client *picture_add_client(struct picture *picture, enum recorded_stage stage);

/* Adds a task that sleeps in recvfrom on the client; in accept4 on the listener for 0. */
struct picture_task *picture_add_task(struct picture *picture, pid_t tid, int client);

#endif
