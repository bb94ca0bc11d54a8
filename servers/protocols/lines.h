/* Messages cut out of a stream of bytes.
 *
 * What a message is must be said (`proctor serve --line-end`, `--frame`), because it cannot be
 * seen: a piece of a line looks like a message of a client that sends no line ends. It is
 *
 *   a line      up to --line-end, a line feed unless told otherwise; a carriage return before that
 *               belongs to the end. The end of the stream ends the last one.
 *   a receive   --line-end '': whatever one receive has brought, as in the course, whose clients
 *               send each message without a line end and wait for the answer. Unless it was so much
 *               that it may go on in the next receive. A line feed at its end is its end.
 *   a frame     --frame u8, u16 or u32: as many bytes as the number before it says, in network
 *               order. A piece of one at the end of the stream is no message.
 */
#ifndef SERVERS_PROTOCOLS_LINES_H
#define SERVERS_PROTOCOLS_LINES_H

#include "base/bytes.h"
#include "servers/protocols/protocol.h"

#include <stdbool.h>
#include <stddef.h>

/* A longer message is refused. */
#define LINE_BYTES_MAX 65536

/* The state of a protocol of messages, or the beginning of its state. */
struct lines {
    struct bytes unread;
};

struct message {
    const char *text; /* without its ending; no NUL after it */
    size_t length;
    const char *ending; /* the line end; "" of a frame, and where the client sent none */
};

/* Replies to one message. After another step than NEXT_RECEIVE the next message waits for the next
 * call of lines_received(). */
typedef enum next message_function(struct conversation *conversation,
                                   const struct message *message);

/* Takes what one receive has brought and calls `answer` for each whole message. To one that is too
 * long the reply is `too_long`, with a line feed, and its last. */
enum next lines_received(struct conversation *conversation, const char *data, size_t count,
                         message_function *answer, const char *too_long);

/* Around all that is appended as the reply to one message: makes a frame of it where messages are
 * frames. Of a reply that fits in no such frame only the beginning is sent. */
size_t reply_begin(struct conversation *conversation);
void reply_end(struct conversation *conversation, size_t begin);

/* The whole reply, with an ending where messages are no frames. */
void reply_with(struct conversation *conversation, const char *text, const char *ending);

/* The end of a protocol whose state holds nothing else to release. */
void lines_end(struct conversation *conversation);

#endif
