#include "grader/play/protocol.h"

#include "grader/play/placeholder.h"
#include "grader/play/token.h"

#include <errno.h>
#include <string.h>

void message_release(struct message *message)
{
    bytes_release(&message->said);
    bytes_release(&message->answer);
}

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

/*** Messages ***/

static void append_text(struct bytes *out, const char *text)
{
    struct bytes bytes = text_as_bytes(text);
    bytes_append(out, bytes_front(&bytes), bytes.length);
    bytes_release(&bytes);
}

/* The template with the word in place of each {token}. */
static void fill_in(struct bytes *out, const char *template, const void *word, size_t count)
{
    struct placeholder placeholder;
    for (; placeholder_find(template, &placeholder);
         template = placeholder.begin + placeholder.length) {
        bytes_append(out, template, (size_t)(placeholder.begin - template));
        if (placeholder_is_hex(&placeholder))
            placeholder_append_hex(out, &placeholder);
        else /* as the assignment has been checked */
            bytes_append(out, word, count);
    }
    bytes_append(out, template, strlen(template));
}

static const char *line_end_of(const struct play_protocol *protocol)
{
    return protocol->line_end != NULL ? protocol->line_end : "\n";
}

/* What is printed of `said` ends its line, whether or not that does. */
static void answer_line(const struct play_protocol *protocol, const struct bytes *said,
                        struct bytes *answer)
{
    if (protocol->kind == PROTOCOL_PREFIX)
        append_text(answer, protocol->prefix);
    bytes_append(answer, bytes_front(said), said->length);
    bool has_end = said->length > 0 && bytes_front(said)[said->length - 1] == '\n';
    if (protocol->kind == PROTOCOL_SINK && !has_end)
        bytes_append(answer, "\n", 1);
}

void play_protocol_say(const struct play_protocol *protocol, const void *word, size_t count,
                       struct message *message)
{
    struct bytes said = {0};
    fill_in(&said, protocol->kind == PROTOCOL_EXCHANGE ? protocol->ask : PROTOCOL_TOKEN, word,
            count);
    append_text(&said, line_end_of(protocol));
    if (protocol->kind == PROTOCOL_EXCHANGE)
        fill_in(&message->answer, protocol->answer, word, count);
    else
        answer_line(protocol, &said, &message->answer);
    bytes_append(&message->said, bytes_front(&said), said.length);
    bytes_release(&said);
}

void play_protocol_choose(const struct play_protocol *protocol, struct token_source *tokens,
                          struct message *message)
{
    char token[TOKEN_BYTES];
    token_choose(tokens, token, "");
    play_protocol_say(protocol, token, strlen(token), message);
}

struct bytes play_protocol_line(const struct play_protocol *protocol, const char *word)
{
    struct bytes line = text_as_bytes(word);
    append_text(&line, line_end_of(protocol));
    return line;
}

/*** What it allows ***/

static bool may_count(const char *template)
{
    return strpbrk(template, "0123456789") != NULL || strstr(template, "{hex:") != NULL;
}

bool play_protocol_takes_any_word(const struct play_protocol *protocol)
{
    return protocol->kind != PROTOCOL_EXCHANGE ||
           (strstr(protocol->ask, PROTOCOL_TOKEN) != NULL && !may_count(protocol->ask) &&
            !may_count(protocol->answer));
}

/* An empty line, or a length in front: such an ask needs no line end. */
static bool has_own_end(const char *ask)
{
    size_t length = strlen(ask);
    return (length > 0 && ask[length - 1] == '\n') || strstr(ask, "{hex:") != NULL;
}

bool play_protocol_is_stream(const struct play_protocol *protocol)
{
    return protocol->kind == PROTOCOL_ECHO || protocol->kind == PROTOCOL_SINK ||
           line_end_of(protocol)[0] != '\0' ||
           (protocol->kind == PROTOCOL_EXCHANGE && has_own_end(protocol->ask));
}
