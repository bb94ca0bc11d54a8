/* How clients talk to a submission, as far as a check needs to know. */
#ifndef GRADER_PLAY_PROTOCOL_H
#define GRADER_PLAY_PROTOCOL_H

#include "base/bytes.h"

#include <stdbool.h>

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

/* In all these texts {hex:…} is bytes (placeholder.h). */
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

/* What a client says in one go, of however many lines, and the one answer to all of it. All zero at
 * first; released in the end. */
struct message {
    struct bytes said;   /* line end included */
    struct bytes answer; /* of PROTOCOL_SINK: what must be printed */
};

void message_release(struct message *message);

/* Reads "echo", "sink" or "prefix:TEXT", which must stay. 0 or -EINVAL. */
int play_protocol_parse(struct play_protocol *protocol, char *text);

/* Appends a message with a new random word to `message`. */
void play_protocol_choose(const struct play_protocol *protocol, struct token_source *tokens,
                          struct message *message);

/* Appends a message with this word. */
void play_protocol_say(const struct play_protocol *protocol, const void *word, size_t count,
                       struct message *message);

/* The word with the line end behind it; to be released. */
struct bytes play_protocol_line(const struct play_protocol *protocol, const char *word);

/* May a message have a word of any length and letters? Not where none stands in it, and not where a
 * number beside it may be its length. */
bool play_protocol_takes_any_word(const struct play_protocol *protocol);

/* Is the end of each message seen in the bytes, or does the answer not depend on it? Otherwise
 * whatever one receive returns is a message, and none can come in pieces or with another. */
bool play_protocol_is_stream(const struct play_protocol *protocol);

#endif
