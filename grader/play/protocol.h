/* How clients talk to a submission, as far as a check needs to know. */
#ifndef GRADER_PLAY_PROTOCOL_H
#define GRADER_PLAY_PROTOCOL_H

#include "base/bytes.h"

struct token_source;

enum protocol_kind {
    PROTOCOL_ECHO,     /* what is said comes back */
    PROTOCOL_PREFIX,   /* with a text before it */
    PROTOCOL_SINK,     /* nothing comes back; it appears in the submission's output */
    PROTOCOL_EXCHANGE, /* `ask` is answered with `answer`; {token} in both is something new */
};

/* What a client sends first, and the reply it must get before it counts as served. */
struct greeting {
    char *send;
    char *expect;
};

struct play_protocol {
    enum protocol_kind kind;
    char *prefix;              /* of PROTOCOL_PREFIX */
    char *ask;                 /* of PROTOCOL_EXCHANGE: with {token} in it */
    char *answer;              /* likewise */
    char *line_end;            /* NULL: a line feed. "": what one receive brings is a message */
    struct greeting *greeting; /* or NULL */
};

/* Stands for a random word in `ask` and `answer`. */
#define PROTOCOL_TOKEN "{token}"

/* Reads "echo", "sink" or "prefix:TEXT", which must stay. 0 or -EINVAL. */
int play_protocol_parse(struct play_protocol *protocol, char *text);

/* Appends a new random message with its line end. */
void play_protocol_choose(const struct play_protocol *protocol, struct token_source *tokens,
                          struct bytes *line);

/* Appends the correct reply to a line of `count` bytes, line end included; for PROTOCOL_SINK, what
 * must be printed. */
void play_protocol_answer(const struct play_protocol *protocol, const char *line, size_t count,
                          struct bytes *answer);

#endif
