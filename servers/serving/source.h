/* Where an attachment's bytes come from: a file, or the output of a command. */
#ifndef SERVERS_SERVING_SOURCE_H
#define SERVERS_SERVING_SOURCE_H

#include "base/bytes.h"

#include <stdbool.h>

struct attachment;
struct service;

struct source {
    int fd;       /* -1: not open */
    bool is_pipe; /* must be waited for; a file never is */
    bool is_empty;
};

/* Opens the file or starts the command that `attachment` names. 0 or -errno. No path leads out of
 * the --objects folder. A command is ended when `client` leaves. */
int source_open(struct source *source, const struct service *service, int client,
                const struct attachment *attachment, bool is_blocking);

/* Reads once into the end of `reply`. The number of bytes, 0 at the end, -EAGAIN if none have come
 * yet, or -errno. */
int source_read(struct source *source, struct bytes *reply);

void source_close(struct source *source);

#endif
