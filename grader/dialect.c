#include "grader/dialect.h"

#include <errno.h>
#include <string.h>

int dialect_parse(struct dialect *dialect, const char *text)
{
    static const char prefix[] = "prefix:";
    *dialect = (struct dialect){.kind = DIALECT_ECHO};
    if (strcmp(text, "echo") == 0)
        return 0;
    if (strcmp(text, "prints") == 0) {
        dialect->kind = DIALECT_PRINTS;
        return 0;
    }
    if (strncmp(text, prefix, strlen(prefix)) != 0)
        return -EINVAL;
    dialect->kind = DIALECT_PREFIX;
    dialect->prefix = text + strlen(prefix);
    return 0;
}

const char *dialect_name(const struct dialect *dialect)
{
    static const char *const names[] = {
        [DIALECT_ECHO] = "echo",
        [DIALECT_PREFIX] = "prefix",
        [DIALECT_PRINTS] = "prints",
    };
    return names[dialect->kind];
}

void dialect_answer(const struct dialect *dialect, const char *line, size_t count,
                    struct bytes *answer)
{
    if (dialect->kind == DIALECT_PREFIX)
        bytes_append(answer, dialect->prefix, strlen(dialect->prefix));
    bytes_append(answer, line, count);
}
