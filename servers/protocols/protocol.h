/* What a server answers, apart from how it waits.
 *
 * A protocol is bytes in, reply bytes and a next step out. It never sees a socket, does no I/O
 * and never waits, and so it runs on every model. Where a reply lies in a file or is written by a
 * command, the protocol only names it: an attachment, which the connection sends after the reply.
 */
#ifndef SERVERS_PROTOCOLS_PROTOCOL_H
#define SERVERS_PROTOCOLS_PROTOCOL_H

#include "base/address.h"
#include "base/bytes.h"

#include <stdbool.h>
#include <stddef.h>

struct service;
struct store;
struct users;

/* The options of `proctor serve` that protocols read. */
struct protocol_options {
    const char *line_end;       /* ends a message; NULL: a line feed; "": what one receive brings */
    size_t frame_bytes;         /* of the number before each message; 0: there is none */
    const char *stop_word;      /* sink: a client that says it is left; NULL: none */
    bool quiet;                 /* sink: print nothing of what clients say */
    const char *prefix;         /* prefix: what goes before each line */
    const char *answer;         /* exchange: what each message gets; NULL: not given */
    const struct users *users;  /* login: who may come in; NULL: not given */
    struct store *store;        /* key-value: what is kept */
    bool allow_remote_commands; /* command: yes, really */
    bool on_loopback;           /* does the server listen on a loopback address? */
};

enum attachment_kind {
    ATTACH_OBJECT,  /* a file of the --objects folder */
    ATTACH_COMMAND, /* what a command writes to its stdout and stderr */
};

struct attachment {
    enum attachment_kind kind;
    struct bytes name;     /* of the object; or the words of the command, a NUL after each */
    const char *otherwise; /* the reply if it cannot be opened */
    const char *if_empty;  /* the reply if it is empty */
};

/* One client's side of the protocol. */
struct conversation {
    const struct protocol_options *options;
    void *state;          /* `state_size` bytes for the protocol, zeroed */
    struct address peer;  /* filled in only under PROTOCOL_NAMES_PEER */
    bool at_end;          /* the client has sent its last byte */
    bool goes_on;         /* the last receive was full: more of the same message may follow */
    struct bytes reply;   /* append here what the client is to get */
    struct bytes printed; /* append here what the server is to print */
    struct attachment attachment; /* read after NEXT_ATTACH */

    /* How many clients the server has now, over all its threads and processes. */
    size_t (*count_clients)(const struct service *service);
    const struct service *service;
};

enum next {
    NEXT_RECEIVE, /* go on with this client */
    NEXT_ATTACH,  /* send the reply, then the attachment, then call received() with 0 bytes */
    NEXT_CLOSE,   /* send what is in the reply, then close: the client has asked for the end */
    /* The same where it has not, and may be in the midst of sending: what it still sends is read
     * and dropped until it ends its side, or a reset would take the reply from it. */
    NEXT_SEE_OFF,
};

/* Takes what one receive brought, which may begin and end anywhere in a message. `count` is 0 when
 * nothing new has come: after an attachment, and once at the end of the stream. */
typedef enum next received_function(struct conversation *conversation, const char *data,
                                    size_t count);

/* What a protocol needs from the service. */
enum protocol_needs {
    PROTOCOL_NAMES_PEER = 1 << 0,
    PROTOCOL_RUNS_COMMANDS = 1 << 1,
    PROTOCOL_KEEPS_VALUES = 1 << 2, /* a store; servers/protocols/store.h */
};

struct protocol {
    const char *name;
    const char *summary; /* one line, for `proctor list protocols` */
    unsigned needs;      /* enum protocol_needs, or-ed */
    size_t state_size;

    /* Returns NULL, or what is wrong with the options. Left out if any options will do. */
    const char *(*check)(const struct protocol_options *options);
    received_function *received;
    void (*end)(struct conversation *conversation); /* releases what the state holds; or NULL */
};

extern const struct protocol protocol_echo;
extern const struct protocol protocol_sink;
extern const struct protocol protocol_prefix;
extern const struct protocol protocol_command;
extern const struct protocol protocol_login;
extern const struct protocol protocol_http;
extern const struct protocol protocol_exchange;
extern const struct protocol protocol_key_value;

#endif
