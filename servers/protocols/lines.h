/* Messages cut out of a stream of bytes.
 *
 * A message is a line. But the clients of the course send each message without a newline and wait
 * for the answer, so the newline would never come. From a client that has not yet sent one,
 * whatever one receive has brought, up to its end, is therefore a message, unless it was so much
 * that it may go on in the next receive. From its first newline on, a client is known to send
 * lines, and a piece of one waits for the rest, or for the end of the stream.
 */
#ifndef SERVERS_PROTOCOLS_LINES_H
#define SERVERS_PROTOCOLS_LINES_H

#include "base/bytes.h"
#include "servers/protocols/protocol.h"

#include <stdbool.h>
#include <stddef.h>

/* A longer message is refused. */
#define LINE_BYTES_MAX 65536

/* The state of a protocol of lines, or the beginning of its state. */
struct lines {
    struct bytes unread;
    bool has_newlines; /* this client sends lines: a piece of one is no message */
};

struct message {
    const char *text; /* without its ending; no NUL after it */
    size_t length;
    const char *ending; /* "\n", "\r\n", or "" where the client sent none */
};

/* Replies to one message. After another step than NEXT_RECEIVE the next message waits for the next
 * call of lines_received(). */
typedef enum next message_function(struct conversation *conversation,
                                   const struct message *message);

/* Takes what one receive has brought and calls `answer` for each whole message. To one that is too
 * long the reply is `too_long`, and its last. */
enum next lines_received(struct conversation *conversation, const char *data, size_t count,
                         message_function *answer, const char *too_long);

/* The end of a protocol whose state holds nothing else to release. */
void lines_end(struct conversation *conversation);

#endif
