/* Waits for a client and for a bell at once: an eventfd that a protocol has named (`bell` of struct
 * conversation) and that nobody reads. One descriptor, an epoll instance, stands for both, so that
 * a model needs to know no more than that the descriptor to wait for has changed. It is readable
 * while the client is, and after a ring until doorbell_wait() has been called. */
#ifndef SERVERS_SERVING_DOORBELL_H
#define SERVERS_SERVING_DOORBELL_H

#include <stdbool.h>

enum doorbell_event {
    DOORBELL_RANG = 1 << 0,
    DOORBELL_CLIENT = 1 << 1, /* is readable, or has ended its side */
};

/* `client` is -1 where the kernel receives from it by itself. The descriptor, to be closed with
 * close(2), or -errno. */
int doorbell_open(int bell, int client);

/* What has happened, enum doorbell_event or-ed; perhaps 0. Waits for something if it may. */
unsigned doorbell_wait(int doorbell, bool may_wait);

#endif
