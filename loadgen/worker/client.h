/* One client of a load: its connection, and the requests on it.
 *
 * Requests are numbered from 1 and keep their order, so three counters say all about them: those up
 * to `answered` have their reply, those up to `sent` are with the kernel, those up to `begun` have
 * been begun. The numbers go on from one connection of the client to the next, and after 2^32 they
 * begin again: only their differences mean anything.
 */
#ifndef LOADGEN_WORKER_CLIENT_H
#define LOADGEN_WORKER_CLIENT_H

#include "loadgen/protocols/dialogue.h"

#include <sys/queue.h>

struct worker;

TAILQ_HEAD(client_list, client);

enum client_state {
    CLIENT_APART, /* not connected at present */
    CLIENT_CONNECTING,
    CLIENT_OPEN,
    CLIENT_CLOSING, /* hung up; the engine still has something of it */
    CLIENT_GONE,    /* lost, for good */
};

/* When a request ought to have been sent, and when it was. */
struct flight {
    int64_t due_ns;
    int64_t sent_ns;
};

/* What an engine knows of a client. */
struct transfer {
    bool is_sending;   /* epoll: waits for room; io_uring: a send is in the kernel's hands */
    bool is_receiving; /* io_uring: likewise a receive, */
    bool is_polling;   /* a poll */
    bool is_adopted;   /* and the descriptor */
    char *outgoing;    /* the bytes being sent */
};

struct client {
    int fd;
    enum client_state state;
    bool is_silent;               /* is connected, and never used */
    bool is_lost;                 /* while closing: it will not come back */
    bool is_used, is_served;      /* has sent a request; has had a reply */
    bool is_served_here;          /* on this connection */
    struct client_list *ready_in; /* where it waits for a request to become due, or NULL */
    uint32_t number;
    uint32_t begun;
    uint32_t sent;
    uint32_t answered;
    uint32_t answered_before;    /* on earlier connections */
    uint32_t acknowledged_bytes; /* of this connection, as told last, modulo 2^32 */
    uint32_t connections;
    size_t sent_bytes;      /* of the first request that is not sent */
    struct reply reply;     /* to the first request that is not answered */
    struct flight *flights; /* a ring; as many as there can be outstanding, or more */
    int64_t connecting_since_ns;
    int64_t connect_ns;             /* that connecting took */
    TAILQ_ENTRY(client) neighbours; /* among those connecting, or those ready */
    struct transfer transfer;
};

static inline uint32_t client_outstanding(const struct client *client)
{
    return client->begun - client->answered;
}

static inline bool client_has_unsent(const struct client *client)
{
    return client->begun != client->sent;
}

/*** What engines report ***/

/* Its connect(2) has ended: 0, or the errno with which it failed. */
void client_connected(struct worker *worker, struct client *client, int error);

/* Writes the bytes that are to be sent next; how many. They are sent when client_sent() says so. */
size_t client_outgoing(const struct worker *worker, const struct client *client, char *out,
                       size_t room);
void client_sent(const struct worker *worker, struct client *client, size_t count);

/* Bytes have come, at the time worker->now_ns. */
void client_received(struct worker *worker, struct client *client, const char *data, size_t count);

/* The other side's kernel has so many bytes of this connection, modulo 2^32. To be said again when
 * client_sent() has made progress, if that may come later. */
void client_acknowledged(struct worker *worker, struct client *client, uint32_t bytes);

/* The connection is no more: an errno, or CAUSE_CLOSED. */
void client_broken(struct worker *worker, struct client *client, int cause);

/* Its socket is closed, and nothing of it can come any more. */
void client_closed(struct worker *worker, struct client *client);

#endif
