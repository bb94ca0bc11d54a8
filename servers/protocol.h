/* What a server answers, apart from how it waits.
 *
 * A protocol is bytes in, reply bytes and a next step out. It never sees a socket, does no I/O
 * and never waits, and so it runs on every model.
 */
#ifndef SERVERS_PROTOCOL_H
#define SERVERS_PROTOCOL_H

#include "base/address.h"
#include "base/bytes.h"

#include <stdbool.h>

/* The options of `proctor serve` that protocols read. */
struct protocol_options {
    const char *stop_word; /* a client that says it is left; NULL: none */
    bool quiet;            /* print nothing of what clients say */
};

/* One client's side of the protocol. */
struct conversation {
    const struct protocol_options *options;
    struct address peer;  /* filled in only under PROTOCOL_NAMES_PEER */
    struct bytes reply;   /* append here what the client shall get */
    struct bytes printed; /* append here what shall appear on the server's stdout */
};

enum next {
    NEXT_RECEIVE, /* go on with this client */
    NEXT_CLOSE,   /* send what is in the reply, then close */
};

/* Takes what one receive brought: `count` > 0 bytes, cut wherever the network cut them. */
typedef enum next received_function(struct conversation *conversation, const char *data,
                                    size_t count);

/* What a protocol needs to be told. */
enum protocol_needs {
    PROTOCOL_NAMES_PEER = 1 << 0,
};

struct protocol {
    const char *name;
    const char *summary; /* one line, for `proctor list protocols` */
    unsigned needs;      /* enum protocol_needs, or-ed */
    received_function *received;
};

/* All protocols; the last entry is NULL. */
extern const struct protocol *const protocols[];

/* NULL if there is none of that name. */
const struct protocol *protocol_find(const char *name);

#endif
