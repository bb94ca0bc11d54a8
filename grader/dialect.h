/* What a submission answers to a line, as far as a check needs to know. */
#ifndef GRADER_DIALECT_H
#define GRADER_DIALECT_H

#include "base/bytes.h"

#include <stdbool.h>

enum dialect_kind {
    DIALECT_ECHO,   /* the line comes back */
    DIALECT_PREFIX, /* with a text before it */
    DIALECT_PRINTS, /* nothing comes back; the line appears in the submission's output */
};

struct dialect {
    enum dialect_kind kind;
    const char *prefix; /* of DIALECT_PREFIX */
};

/* Reads "echo", "prints" or "prefix:TEXT". 0 or -EINVAL. */
int dialect_parse(struct dialect *dialect, const char *text);

/* "echo", "prefix", "prints" */
const char *dialect_name(const struct dialect *dialect);

/* Appends what must follow a line of `count` bytes, its line end among them: to the client, or for
 * DIALECT_PRINTS in the output. */
void dialect_answer(const struct dialect *dialect, const char *line, size_t count,
                    struct bytes *answer);

#endif
