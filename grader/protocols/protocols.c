#include "grader/protocols/protocol.h"

#include "grader/protocols/speech.h"

#include <errno.h>
#include <string.h>

const struct player_protocol *const player_protocols[] = {
    &player_protocol_none,     &player_protocol_echo,
    &player_protocol_prefix,   &player_protocol_sink,
    &player_protocol_exchange, &player_protocol_http,
    &player_protocol_chat,     NULL,
};

const struct player_protocol *play_protocol_of(const struct play_protocol *protocol)
{
    const struct player_protocol *const *one = player_protocols;
    while ((*one)->kind != protocol->kind)
        one++;
    return *one;
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

/*** What is said ***/

struct bytes play_protocol_line(const struct play_protocol *protocol, const char *word,
                                const struct values *values)
{
    const struct filling filling = values_filling(values);
    struct bytes line = text_fill_in(word, TEXT_IS_BYTES, &filling);
    struct bytes end = text_fill_in(play_protocol_line_end(protocol), TEXT_IS_BYTES, &filling);
    bytes_append(&line, bytes_front(&end), end.length);
    bytes_release(&end);
    play_protocol_frame(protocol, &line, 0);
    return line;
}

void play_protocol_say(const struct play_protocol *protocol, const struct speech *speech,
                       struct bytes *said)
{
    const struct player_protocol *one = play_protocol_of(protocol);
    if (one->say != NULL)
        one->say(protocol, speech, said);
}

void play_protocol_await(const struct play_protocol *protocol, const struct speech *speech,
                         struct answers *answers)
{
    const struct player_protocol *one = play_protocol_of(protocol);
    if (one->answer != NULL)
        one->answer(protocol, speech, answers);
    if (protocol->closes)
        answers_add(answers, &answer_end);
}

const char *protocol_message_text(const struct protocol_message *message, size_t number)
{
    const struct http_message *http = &message->http;
    const char *const singles[] = {message->text, message->request, http->body};
    const size_t count = sizeof singles / sizeof singles[0];
    if (number < count)
        return singles[number] != NULL ? singles[number] : "";
    number -= count;
    if (number < http->headers_count)
        return http->headers[number].value;
    number -= http->headers_count;
    return number < http->body_patterns_count ? http->body_patterns[number] : NULL;
}

static void draw(const struct protocol_message *message, struct token_source *source,
                 struct values *values)
{
    const char *text = NULL;
    for (size_t i = 0; message != NULL && (text = protocol_message_text(message, i)) != NULL; i++)
        values_draw(values, source, text);
}

void play_protocol_draw(const struct play_protocol *protocol, struct token_source *source,
                        struct values *values)
{
    draw(protocol->ask, source, values);
    if (protocol->say != NULL)
        values_draw(values, source, protocol->say);
}

void play_protocol_draw_large(const struct play_protocol *protocol, struct token_source *source,
                              struct values *values)
{
    draw(protocol->large, source, values);
}

bool play_protocol_say_large(const struct play_protocol *protocol, const struct speech *speech,
                             struct bytes *said)
{
    struct play_protocol large = *protocol;
    large.ask = protocol->large;
    if (protocol->large != NULL)
        play_protocol_say(&large, speech, said);
    return protocol->large != NULL;
}

/*** What it allows ***/

bool play_protocol_takes_any_word(const struct play_protocol *protocol)
{
    const struct player_protocol *one = play_protocol_of(protocol);
    return one->takes_any_word != NULL && one->takes_any_word(protocol) &&
           (protocol->frame_bytes == 0 || protocol->frame_bytes > 2);
}

bool play_protocol_is_stream(const struct play_protocol *protocol)
{
    const struct player_protocol *one = play_protocol_of(protocol);
    return one->is_stream == NULL || protocol->frame_bytes > 0 || one->is_stream(protocol);
}

bool play_protocol_is_heard(const struct play_protocol *protocol)
{
    return play_protocol_of(protocol)->hear != NULL;
}

bool play_protocol_is_for_one(const struct play_protocol *protocol)
{
    return protocol->say != NULL && strstr(protocol->say, "{to}") != NULL;
}

/* Checks that speak cannot be played. */
const struct player_protocol player_protocol_none = {.name = "none", .kind = PROTOCOL_NONE};
