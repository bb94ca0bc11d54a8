/* The sockets of a submission that listen, as looks have shown them. */
#ifndef GRADER_SIGHTINGS_LISTENERS_H
#define GRADER_SIGHTINGS_LISTENERS_H

#include "base/address.h"
#include "observe/snapshot.h"
#include "results/recording/recording.h"

struct seen_listener {
    struct recorded_listener row; /* as it was written */
    unsigned inode;
    uint16_t port;
    char text[ADDRESS_TEXT_BYTES];
    char owner_name[32];
    bool is_there; /* at the latest look */
};

/* All zero is an empty one. */
struct seen_listeners {
    struct seen_listener *list; /* number i has the id i + 1 */
    size_t count;
};

/* Writes what has changed. Others in the same network are left out. */
void seen_listeners_look(struct seen_listeners *listeners, const struct snapshot *snapshot,
                         struct recording *recording, int64_t t_ns);

/* The id of the one with this socket, while it is there; 0: none. */
int seen_listeners_find(const struct seen_listeners *listeners, unsigned inode);

/* The id of the one that listens on this port, while it is there; 0: none. */
int seen_listeners_at(const struct seen_listeners *listeners, uint16_t port);

void seen_listeners_release(struct seen_listeners *listeners);

/* A name of the submission's, made harmless, in a place of its own. */
void seen_name(char *text, size_t text_bytes, const char *name);

#endif
