#include "loadgen/worker/connecting.h"

#include "base/clock.h"
#include "base/socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>

#define SOURCES            4096
#define SOURCE_CONNECTIONS 8000 /* of all workers together */

void connecting_init(struct connecting *connecting)
{
    *connecting = (struct connecting){0};
    TAILQ_INIT(&connecting->clients);
}

/*** Sources ***/

static bool is_plain_loopback(const struct address *address)
{
    return address->any.sa_family == AF_INET && address_is_loopback(address);
}

/* The source address after `source` others, which are 127.0.0.2 and so on. */
static struct address source_address(unsigned source)
{
    struct address address;
    address_parse_host("127.0.0.1", 0, &address);
    address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK + source);
    return address;
}

static void change_source(struct connecting *connecting)
{
    connecting->source = (connecting->source + 1) % SOURCES;
    connecting->source_connections = 0;
}

int connecting_open_socket(struct connecting *connecting, const struct load_plan *plan,
                           int receive_bytes)
{
    const struct address *target = &plan->address;
    if (!is_plain_loopback(target))
        return socket_connect_start(target, NULL, receive_bytes);
    int fd = -EADDRNOTAVAIL;
    for (unsigned tries = 0; tries < SOURCES && fd == -EADDRNOTAVAIL; tries++) {
        struct address source = source_address(connecting->source);
        fd = socket_connect_start(target, connecting->source > 0 ? &source : NULL, receive_bytes);
        connecting->source_connections++;
        bool is_used_up = connecting->source_connections >= SOURCE_CONNECTIONS / plan->threads;
        if (fd == -EADDRNOTAVAIL || is_used_up)
            change_source(connecting);
    }
    return fd;
}

/*** Clients ***/

int connecting_start(struct connecting *connecting, const struct load_plan *plan,
                     struct client *client)
{
    client->connecting_since_ns = clock_now_ns();
    client->fd = connecting_open_socket(connecting, plan, 0);
    if (client->fd < 0)
        return client->fd;
    client->state = CLIENT_CONNECTING;
    TAILQ_INSERT_TAIL(&connecting->clients, client, neighbours);
    connecting->count++;
    return 0;
}

void connecting_end(struct connecting *connecting, struct client *client)
{
    TAILQ_REMOVE(&connecting->clients, client, neighbours);
    connecting->count--;
}

int64_t connecting_give_up_ns(const struct connecting *connecting, const struct load_plan *plan)
{
    const struct client *first = TAILQ_FIRST(&connecting->clients);
    return first != NULL ? first->connecting_since_ns + plan->connect_timeout_ns : NEVER_NS;
}

int64_t connecting_ramp_ns(const struct load_plan *plan, const struct client *client)
{
    double share = (double)client->number / (double)(plan->clients + plan->silent);
    return (int64_t)(share * (double)plan->ramp_ns);
}
