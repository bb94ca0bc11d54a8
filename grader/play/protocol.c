#include "grader/play/protocol.h"

#include "grader/play/token.h"

#include <errno.h>
#include <string.h>

int play_protocol_parse(struct play_protocol *protocol, char *text)
{
    static const char prefix[] = "prefix:";
    *protocol = (struct play_protocol){.kind = PROTOCOL_ECHO};
    if (strcmp(text, "echo") == 0)
        return 0;
    if (strcmp(text, "sink") == 0) {
        protocol->kind = PROTOCOL_SINK;
        return 0;
    }
    if (strncmp(text, prefix, strlen(prefix)) != 0)
        return -EINVAL;
    protocol->kind = PROTOCOL_PREFIX;
    protocol->prefix = text + strlen(prefix);
    return 0;
}

static void append_text(struct bytes *bytes, const char *text)
{
    bytes_append(bytes, text, strlen(text));
}

/* The template with the token in place of {token}, if it has that. */
static void fill_in(struct bytes *bytes, const char *template, const char *token, size_t count)
{
    const char *room = strstr(template, PROTOCOL_TOKEN);
    if (room == NULL) {
        append_text(bytes, template);
        return;
    }
    bytes_append(bytes, template, (size_t)(room - template));
    bytes_append(bytes, token, count);
    append_text(bytes, room + strlen(PROTOCOL_TOKEN));
}

void play_protocol_choose(const struct play_protocol *protocol, struct token_source *tokens,
                          struct bytes *line)
{
    char token[TOKEN_BYTES];
    token_choose(tokens, token, "");
    if (protocol->kind == PROTOCOL_EXCHANGE)
        fill_in(line, protocol->ask, token, strlen(token));
    else
        append_text(line, token);
    append_text(line, protocol->line_end != NULL ? protocol->line_end : "\n");
}

/* What the line has in the place of the template's {token}; or the whole line. */
static const char *token_of(const char *template, const char *line, size_t *count)
{
    const char *room = strstr(template, PROTOCOL_TOKEN);
    size_t head = room != NULL ? (size_t)(room - template) : 0;
    size_t tail = room != NULL ? strlen(room + strlen(PROTOCOL_TOKEN)) : 0;
    while (*count > 0 && strchr("\r\n", line[*count - 1]) != NULL)
        --*count;
    if (room == NULL || *count < head + tail)
        return line;
    *count -= head + tail;
    return line + head;
}

void play_protocol_answer(const struct play_protocol *protocol, const char *line, size_t count,
                          struct bytes *answer)
{
    if (protocol->kind == PROTOCOL_EXCHANGE) {
        const char *token = token_of(protocol->ask, line, &count);
        fill_in(answer, protocol->answer, token, count);
        return;
    }
    if (protocol->kind == PROTOCOL_PREFIX)
        append_text(answer, protocol->prefix);
    bytes_append(answer, line, count);
    if (protocol->kind == PROTOCOL_SINK && (count == 0 || line[count - 1] != '\n'))
        append_text(answer, "\n");
}
