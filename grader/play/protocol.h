/* How one speaks with a submission, as far as a check needs to know. */
#ifndef GRADER_PLAY_PROTOCOL_H
#define GRADER_PLAY_PROTOCOL_H

#include "base/bytes.h"

#include <stdbool.h>

enum dialect_kind {
    DIALECT_ECHO,     /* what is said comes back */
    DIALECT_PREFIX,   /* with a text before it */
    DIALECT_PRINTS,   /* nothing comes back; it appears in the submission's output */
    DIALECT_EXCHANGE, /* `ask` is answered with `answer`; {token} in both is something new */
};

struct dialect {
    enum dialect_kind kind;
    const char *prefix; /* of DIALECT_PREFIX */
    const char *ask;    /* of DIALECT_EXCHANGE */
    const char *answer;
    const char *line_end; /* NULL: a line feed. "": what one receive brings is a message */
    const char *greeting; /* what a client says before anything else, or NULL */
    const char *greeting_answer;
};

/* Stands for something random, in `ask` and `answer`. */
#define DIALECT_TOKEN "{token}"

/* Reads "echo", "prints" or "prefix:TEXT". 0 or -EINVAL. */
int dialect_parse(struct dialect *dialect, const char *text);

/* Appends something new to say, with its end. */
void dialect_choose(const struct dialect *dialect, struct bytes *line);

/* Appends what must follow a line of `count` bytes, its line end among them: to the client, or for
 * DIALECT_PRINTS in the output. */
void dialect_answer(const struct dialect *dialect, const char *line, size_t count,
                    struct bytes *answer);

#endif
