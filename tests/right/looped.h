/* What the loops in C have in common: a client that is never waited for. Whoever does not read his
 * answer is asked for no more. */
#ifndef TESTS_RIGHT_LOOPED_H
#define TESTS_RIGHT_LOOPED_H

#include "tests/right/echo.h"

#include <fcntl.h>

struct client {
    int fd;
    size_t begin; /* of what is still to be sent */
    size_t end;
    char bytes[16384];
};

static inline void make_nonblocking(int fd)
{
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

/* NULL if it has gone again. */
static inline struct client *client_accept(int listener)
{
    int fd = accept(listener, NULL, NULL);
    if (fd < 0)
        return NULL;
    make_nonblocking(fd);
    struct client *client = calloc(1, sizeof *client);
    client->fd = fd;
    return client;
}

static inline void client_drop(struct client *client)
{
    close(client->fd);
    free(client);
}

static inline bool client_is_owed(const struct client *client)
{
    return client->begin < client->end;
}

enum turn { TURN_DONE, TURN_WAITS, TURN_LEFT };

/* Receives once, if nothing is owed, and sends what there is room for. */
static inline enum turn client_turn(struct client *client)
{
    if (!client_is_owed(client)) {
        ssize_t count = recv(client->fd, client->bytes, sizeof client->bytes, 0);
        if (count <= 0)
            return count < 0 && errno == EAGAIN ? TURN_WAITS : TURN_LEFT;
        client->begin = 0;
        client->end = (size_t)count;
    }
    while (client_is_owed(client)) {
        ssize_t sent = send(client->fd, client->bytes + client->begin, client->end - client->begin,
                            MSG_NOSIGNAL);
        if (sent < 0)
            return errno == EAGAIN ? TURN_WAITS : TURN_LEFT;
        client->begin += (size_t)sent;
    }
    return TURN_DONE;
}

#endif
