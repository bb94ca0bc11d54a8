/* Messages cut out of a stream of bytes.
 *
 * A message is a line. But the clients of the course send each message without a newline and wait
 * for the answer, so that there would never be one. A client that has not yet sent a newline is
 * therefore taken at its receives: what one of them has brought, up to its end, is a message,
 * unless it was so much that it may go on in the next. From its first newline on, a client is known
 * to send lines, and a piece of one waits for the rest, or for the end of the stream.
 */
#ifndef SERVERS_PROTOCOLS_LINES_H
#define SERVERS_PROTOCOLS_LINES_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stddef.h>

struct conversation;

/* A longer message is refused. */
#define LINE_BYTES_MAX 65536

/* All zero is the beginning of a stream. */
struct lines {
    struct bytes unread;
    size_t taken_bytes; /* of `unread`, by the message handed out last */
    bool has_newlines;  /* this client sends lines */
};

struct message {
    const char *text; /* without its ending; valid until the next call; no NUL after it */
    size_t length;
    const char *ending; /* "\n", "\r\n", or "" where the client sent none */
};

enum line_found {
    LINE_NONE,
    LINE_FOUND,
    LINE_TOO_LONG,
};

/* Appends what one receive has brought. */
void lines_append(struct lines *lines, const char *data, size_t count);

/* What to make of bytes that no newline ends. */
enum line_rest {
    REST_WAITS,      /* for its newline */
    REST_IS_GUESSED, /* it is a message if the client has never sent a newline */
    REST_IS_MESSAGE, /* nothing will follow */
};

/* The next message, if it is whole. */
enum line_found lines_next(struct lines *lines, enum line_rest rest, struct message *message);

/* What a protocol makes of the rest that takes clients without newlines at their receives. */
enum line_rest conversation_rest(const struct conversation *conversation);

void lines_release(struct lines *lines);

/* The end of a protocol of which the state is nothing but lines. */
void lines_end(struct conversation *conversation);

#endif
