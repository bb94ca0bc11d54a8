#include "grader/play/protocol.h"

#include "grader/play/token.h"

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

static void append_text(struct bytes *bytes, const char *text)
{
    bytes_append(bytes, text, strlen(text));
}

/* The template with a token where it has room for one. */
static void fill_in(struct bytes *bytes, const char *template, const char *token, size_t count)
{
    const char *room = strstr(template, DIALECT_TOKEN);
    if (room == NULL) {
        append_text(bytes, template);
        return;
    }
    bytes_append(bytes, template, (size_t)(room - template));
    bytes_append(bytes, token, count);
    append_text(bytes, room + strlen(DIALECT_TOKEN));
}

void dialect_choose(const struct dialect *dialect, struct bytes *line)
{
    char token[TOKEN_BYTES];
    token_choose(token, "");
    if (dialect->kind == DIALECT_EXCHANGE)
        fill_in(line, dialect->ask, token, strlen(token));
    else
        append_text(line, token);
    append_text(line, dialect->line_end != NULL ? dialect->line_end : "\n");
}

/* What stands in the line where the template has room for it; or the whole line. */
static const char *token_of(const char *template, const char *line, size_t *count)
{
    const char *room = strstr(template, DIALECT_TOKEN);
    size_t head = room != NULL ? (size_t)(room - template) : 0;
    size_t tail = room != NULL ? strlen(room + strlen(DIALECT_TOKEN)) : 0;
    while (*count > 0 && strchr("\r\n", line[*count - 1]) != NULL)
        --*count;
    if (room == NULL || *count < head + tail)
        return line;
    *count -= head + tail;
    return line + head;
}

void dialect_answer(const struct dialect *dialect, const char *line, size_t count,
                    struct bytes *answer)
{
    if (dialect->kind == DIALECT_EXCHANGE) {
        const char *token = token_of(dialect->ask, line, &count);
        fill_in(answer, dialect->answer, token, count);
        return;
    }
    if (dialect->kind == DIALECT_PREFIX)
        append_text(answer, dialect->prefix);
    bytes_append(answer, line, count);
    if (dialect->kind == DIALECT_PRINTS && (count == 0 || line[count - 1] != '\n'))
        append_text(answer, "\n");
}
