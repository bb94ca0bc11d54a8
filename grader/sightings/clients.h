/* The clients of a grading as looks have shown them, with both ends of their connections. */
#ifndef GRADER_SIGHTINGS_CLIENTS_H
#define GRADER_SIGHTINGS_CLIENTS_H

#include "base/address.h"
#include "observe/snapshot.h"
#include "results/recording/recording.h"

struct seen_listeners;

/* A client, from its first look on; it stays when its player is gone. */
struct seen_client {
    struct recorded_client row; /* as it was written; its texts are below, or constants */
    struct address local;       /* the player's end */
    struct address remote;      /* the submission's */
    char name[64];
    char texts[2][ADDRESS_TEXT_BYTES];
    char owner_name[32];
    char why[128];              /* it waits */
    const struct tcp_row *ours; /* the player's end at the latest look, and the submission's */
    const struct tcp_row *theirs;
    const struct task *waiter; /* at the latest look, the first of them; or NULL */
    bool has_waiting_owner;    /* the one in the row is among them */
    unsigned searched_inode;   /* for whose owner all descriptors were searched */
    bool is_caller;            /* it is the submission that has connected to the player */
    bool is_udp;
    bool is_playing; /* over UDP, since the look before */
    bool is_written;
    bool was_accepted;
    bool was_answered; /* by the submission */
    bool is_over;      /* no socket of it is left */
    size_t sent_bytes; /* by its player, as far as they were written */
    size_t came_bytes; /* to its player, likewise */
    int sleeps_on;     /* as it was written */
    int spoke_last;    /* an enum recorded_side, or -1: neither */
};

/* All zero is an empty one. */
struct seen_clients {
    struct seen_client *list; /* number i has the id i + 1 */
    size_t count;
    int sleeps_on; /* set before a look: the one that every thread sleeps on, by id; or 0 */
    int *by_port;  /* the latest with that port at the end that has connected, by id */
};

/* A player's connection, from `local` to `remote`. */
struct named_client {
    const char *name;
    const struct address *local;
    const struct address *remote;
    bool is_caller;  /* it is the submission that has connected */
    bool is_playing; /* it has a socket */
    bool is_udp;     /* there is no connection, and no state of one */
};

/* The client of this connection, which is a new one if that is. It moves when another comes. */
struct seen_client *seen_clients_name(struct seen_clients *clients,
                                      const struct named_client *named);

/* Finds the rows of each. */
void seen_clients_match(struct seen_clients *clients, const struct tcp_table *table);

/* The id of the one whose socket that is at the submission's end; 0: none. */
int seen_clients_find(const struct seen_clients *clients, unsigned inode);

/* A task of the look under way waits on it. */
void seen_clients_note_waiter(struct seen_clients *clients, int id, const struct task *task);

/* Writes what has changed. */
void seen_clients_look(struct seen_clients *clients, const struct seen_listeners *listeners,
                       const struct snapshot *snapshot, struct recording *recording, int64_t t_ns);

void seen_clients_release(struct seen_clients *clients);

#endif
