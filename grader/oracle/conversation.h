/* A conversation of several clients that nobody has written: messages drawn from those of an
 * assignment, cut and joined, in any order between the clients. The same source draws the same.
 *
 * Messages stay as they were drawn; what is shrunk (shrink.h) is which pieces of them are said, by
 * whom, in which order, and with which numbers.
 */
#ifndef GRADER_ORACLE_CONVERSATION_H
#define GRADER_ORACLE_CONVERSATION_H

#include "grader/protocols/token.h"
#include "grader/protocols/value.h"

#define MESSAGES_MAX 4

/* At most one cut in each message. */
#define PIECES_MAX ((size_t)2 * MESSAGES_MAX)

struct message_drawn {
    const char *text; /* the assignment's */
    char token[TOKEN_BYTES];
    struct values values;
    struct bytes said; /* with all filled in */
};

struct piece {
    size_t message;
    size_t client;
    size_t cut;    /* 0: the whole message; else so many of its bytes, and the rest later */
    bool is_rest;  /* what is behind the cut */
    bool is_glued; /* sent with the piece before it, which is the same client's */
};

struct conversation {
    struct message_drawn messages[MESSAGES_MAX];
    size_t message_count;
    struct piece pieces[PIECES_MAX]; /* in the order in which they are sent */
    size_t piece_count;
};

/* What messages are drawn from. */
struct sayings {
    char *const *texts;
    unsigned count;
    const struct values *values; /* that are known besides, or NULL */
};

/* Between at most so many clients; conversation_release(). */
void conversation_draw(struct conversation *conversation, const struct sayings *says,
                       size_t clients, struct token_source *source);
void conversation_release(struct conversation *conversation);

/* Fills in a message anew, after one of its values was changed. */
void message_drawn_fill(struct message_drawn *message);

/* How many clients it has: the highest number and one. */
size_t conversation_clients(const struct conversation *conversation);

/* What is sent in one go. */
struct move {
    size_t client;
    struct bytes said; /* to be released */
};

/* The move that begins with the piece `*at`, which moves on; false behind the last. */
bool conversation_move(const struct conversation *conversation, size_t *at, struct move *move);

/* Moves, or steps, in all. */
size_t conversation_length(const struct conversation *conversation);

#endif
