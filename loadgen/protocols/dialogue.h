/* A protocol with the words that it has in one load, and what the protocols share: requests that
 * carry a payload or are all the same, and the state of a reply. */
#ifndef LOADGEN_PROTOCOLS_DIALOGUE_H
#define LOADGEN_PROTOCOLS_DIALOGUE_H

#include "loadgen/protocols/payload.h"
#include "loadgen/protocols/protocol.h"

/* Shared by all clients. */
struct dialogue {
    const struct load_protocol *protocol;
    size_t request_bytes;   /* the length of every request */
    size_t frame_bytes;     /* of the number before each message; 0: there is none */
    char frame[8];          /* that number, before a request; before a reply of echo, too */
    struct payload payload; /* of echo and sink */
    struct bytes request;   /* of the others, where all requests are the same */
    const char *expected;   /* a line; NULL: any */
    size_t expected_bytes;
    bool expects_prefix;
};

/* The plan must outlive the dialogue. */
void dialogue_init(struct dialogue *dialogue, const struct load_plan *plan);
void dialogue_release(struct dialogue *dialogue);

/* Makes it the next one. */
void reply_reset(struct reply *reply);
void reply_release(struct reply *reply);

/*** For protocols ***/

/* Says that the reply is wrong. */
void reply_is_wrong(struct reply *reply, enum failure_cause cause);

/* prepare() and write() of protocols whose requests carry a payload, or are all the same. */
void dialogue_prepare_payload(struct dialogue *dialogue, const struct load_plan *plan);
size_t dialogue_write_payload(const struct dialogue *dialogue, struct request request,
                              size_t offset, char *out, size_t room);
/* Makes the number before messages of so many bytes. */
void dialogue_set_frame(struct dialogue *dialogue, const struct load_plan *plan, size_t length);

/* The number at `text`, of frame_bytes. */
size_t dialogue_frame_length(const struct dialogue *dialogue, const char *text);

size_t dialogue_write_same(const struct dialogue *dialogue, struct request request, size_t offset,
                           char *out, size_t room);

#endif
