/* One client of a load: its connection, and the requests on it.
 *
 * Requests are numbered from 1 and keep their order, so three counters say all about them: those up
 * to `answered` have their reply, those up to `sent` are with the kernel, those up to `begun` have
 * been begun. The numbers go on from one connection of the client to the next, and after 2^32 they
 * begin again: only their differences mean anything.
 *
 * A client is told what has happened to it, and answers what to do next. It never waits, and does
 * not know what does.
 */
#ifndef LOADGEN_WORKER_CLIENT_H
#define LOADGEN_WORKER_CLIENT_H

#include "loadgen/worker/run.h"

#include <sys/queue.h>

TAILQ_HEAD(client_list, client);

enum client_state {
    CLIENT_APART, /* not connected at present */
    CLIENT_CONNECTING,
    CLIENT_OPEN,
    CLIENT_CLOSING, /* hung up; the engine still has something of it */
    CLIENT_GONE,    /* lost, for good */
};

/* What to do for a client after something has happened to it. */
enum client_next {
    NEXT_NOTHING,
    NEXT_SEND,    /* it has begun requests */
    NEXT_OFFER,   /* in an open loop: it may be able to take a request */
    NEXT_HANG_UP, /* then client_closed() */
    NEXT_CONNECT, /* anew */
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
    bool is_answered_here;        /* or refused */
    struct client_list *ready_in; /* where it waits for a request to become due, or NULL */
    uint32_t number;
    uint32_t begun;
    uint32_t sent;
    uint32_t answered;
    uint32_t answered_before;    /* on earlier connections */
    uint32_t acknowledged_bytes; /* of this connection, as told last, modulo 2^32 */
    uint32_t connections;
    uint32_t flight_mask;   /* of the ring: one less than it has places */
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

/*** What has happened ***/

/* Its connect(2) has ended: 0, or the errno with which it failed. */
enum client_next client_connected(struct run *run, struct client *client, int error);

/* Bytes have come, at the time run->now_ns. */
enum client_next client_received(struct run *run, struct client *client, const char *data,
                                 size_t count);

/* The other side's kernel has so many bytes of this connection, modulo 2^32. To be said again when
 * client_sent() has made progress, if that may come later. */
enum client_next client_acknowledged(struct run *run, struct client *client, uint32_t bytes);

/* The connection has ended: an errno, or CAUSE_CLOSED. */
enum client_next client_broken(struct run *run, struct client *client, int cause);

/* Its socket is closed, and nothing of it can come any more. */
enum client_next client_closed(struct client *client);

/*** Requests ***/

/* A client that is open may go on: in a closed loop it begins what it may. */
enum client_next client_go_on(struct run *run, struct client *client);

/* May it begin one more request? And: begins one that was due at `due_ns`; send it next. */
bool client_may_begin(const struct run *run, const struct client *client);
void client_begin_request(struct run *run, struct client *client, int64_t due_ns);

/* Writes the next bytes to send; how many. They count as sent when client_sent() says so. */
size_t client_outgoing(const struct run *run, const struct client *client, char *out, size_t room);
void client_sent(const struct run *run, struct client *client, size_t count);

/* Takes the next bytes of one reply, at most to its end; how many. client->reply then says whether
 * it goes on, is whole, or is wrong, which it also is if there was no request. */
size_t client_take(const struct run *run, struct client *client, const char *data, size_t count);

#endif
