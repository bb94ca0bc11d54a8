/* A protocol of the servers without any socket: bytes in, reply bytes and a next step out. */
#ifndef TESTS_SUPPORT_TALK_H
#define TESTS_SUPPORT_TALK_H

#include "servers/protocols/protocol.h"

#include <stddef.h>

/* One client's side, and what the protocol said last. */
struct talk {
    const struct protocol *protocol;
    struct conversation conversation;
    enum next next;
};

void begin(struct talk *talk, const char *protocol, const struct protocol_options *options);
void say_bytes(struct talk *talk, const char *data, size_t count);
void say(struct talk *talk, const char *text);

/* Fails the test unless this is all that has been answered since the last time. */
void expect_reply(struct talk *talk, const char *expected);
void end(struct talk *talk);

#endif
