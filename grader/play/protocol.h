/* How one speaks with a submission, as far as a check needs to know. */
#ifndef GRADER_PLAY_PROTOCOL_H
#define GRADER_PLAY_PROTOCOL_H

#include "base/bytes.h"

#include <stdbool.h>

enum protocol_kind {
    PROTOCOL_ECHO,     /* what is said comes back */
    PROTOCOL_PREFIX,   /* with a text before it */
    PROTOCOL_SINK,     /* nothing comes back; it appears in the submission's output */
    PROTOCOL_EXCHANGE, /* `ask` is answered with `answer`; {token} in both is something new */
};

struct play_protocol {
    enum protocol_kind kind;
    const char *prefix; /* of PROTOCOL_PREFIX */
    const char *ask;    /* of PROTOCOL_EXCHANGE */
    const char *answer;
    const char *line_end; /* NULL: a line feed. "": what one receive brings is a message */
    const char *greeting; /* what a client says before anything else, or NULL */
    const char *greeting_answer;
};

/* Stands for something random, in `ask` and `answer`. */
#define PROTOCOL_TOKEN "{token}"

/* Reads "echo", "prints" or "prefix:TEXT". 0 or -EINVAL. */
int play_protocol_parse(struct play_protocol *protocol, const char *text);

/* Appends something new to say, with its end. */
void play_protocol_choose(const struct play_protocol *protocol, struct bytes *line);

/* Appends what must follow a line of `count` bytes, its line end among them: to the client, or for
 * PROTOCOL_SINK in the output. */
void play_protocol_answer(const struct play_protocol *protocol, const char *line, size_t count,
                          struct bytes *answer);

#endif
