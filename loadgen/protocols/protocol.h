/* What a client and a server say to each other: how a request is written, and how its reply is
 * recognised. This is the interface; loadgen/protocols/dialogue.h has what protocols share.
 *
 * A protocol is bytes and nothing else: it touches no socket and knows no time. Replies come in
 * the order of the requests, in any pieces.
 */
#ifndef LOADGEN_PROTOCOLS_PROTOCOL_H
#define LOADGEN_PROTOCOLS_PROTOCOL_H

#include "base/bytes.h"
#include "results/measures/failures.h"
#include "text/http_response.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dialogue;
struct load_plan;

/* Which request of which client; requests are numbered from 1. */
struct request {
    uint32_t client;
    uint32_t sequence;
};

enum reply_progress {
    REPLY_GOES_ON,
    REPLY_IS_WHOLE,
    REPLY_IS_WRONG,
};

/* A reply that is being received. All zero: none of it has come. */
struct reply {
    enum reply_progress progress;
    enum failure_cause cause; /* of a wrong one */
    size_t received_bytes;    /* counted by the caller */
    unsigned status;          /* of an HTTP reply */
    const char *said;         /* all of it, where the protocol has it in one piece; valid until */
    size_t said_bytes;        /* more is taken */
    bool is_last;             /* the server closes the connection after it */
    bool lasts_until_end;     /* it has no other end than that of the connection */
    struct bytes kept;        /* the protocol's own, as what follows */
    struct http_response http;
};

struct load_protocol {
    const char *name, *summary;

    /* The kernel's acknowledgement is the reply; the server has nothing to say. */
    bool is_acknowledged;

    /* A server may close a connection at any time between two requests, and a request that may have
     * been lost that way is sent again on another one. */
    bool is_resumable;

    /* Fills in what the dialogue needs. */
    void (*prepare)(struct dialogue *dialogue, const struct load_plan *plan);

    /* Writes the request's bytes from `offset` on, at most `room`; how many. */
    size_t (*write)(const struct dialogue *dialogue, struct request request, size_t offset,
                    char *out, size_t room);

    /* Takes the next bytes of the reply, none beyond its end; how many. NULL: has no replies. */
    size_t (*take)(const struct dialogue *dialogue, struct request request, struct reply *reply,
                   const char *data, size_t count);
};

extern const struct load_protocol load_protocol_echo;
extern const struct load_protocol load_protocol_exchange;
extern const struct load_protocol load_protocol_http;
extern const struct load_protocol load_protocol_key_value;
extern const struct load_protocol load_protocol_sink;

#endif
