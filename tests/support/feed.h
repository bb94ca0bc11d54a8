/* A reply of the load generator's protocols, handed over in pieces. */
#ifndef TESTS_SUPPORT_FEED_H
#define TESTS_SUPPORT_FEED_H

#include "loadgen/protocols/protocol.h"

/* Feeds `text`, at most `piece` bytes at a time, until the reply is whole or wrong; how much of it
 * was taken. */
size_t feed_as(const struct dialogue *dialogue, struct request asked, struct reply *reply,
               const char *text, size_t count, size_t piece);

#endif
