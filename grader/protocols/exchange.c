/* One text is asked, another one answered: of one line or several, or of any bytes. */
#include "grader/protocols/speech.h"

#include <string.h>

static void say(const struct play_protocol *protocol, const struct speech *speech,
                struct bytes *said)
{
    size_t from = said->length;
    speech_append(said, protocol->ask->text, speech);
    play_protocol_frame(protocol, said, from);
}

static void answer(const struct play_protocol *protocol, const struct speech *speech,
                   struct answers *answers)
{
    const char *text = protocol->answer != NULL ? protocol->answer->text : NULL;
    size_t before = answers->count;
    speech_await(answers, text, protocol->answer_pattern, &answer_pattern, speech);
    if (answers->count == before)
        return; /* it is answered with nothing, or with the end */
    struct answer *added = &answers->all[answers->count - 1];
    if (text != NULL)
        play_protocol_frame(protocol, &added->text, 0);
    else
        added->frame_bytes = protocol->frame_bytes;
}

/* A number in it, or one that is computed, may be the length of the word. */
static bool may_count(const char *template)
{
    struct placeholder placeholder;
    if (template == NULL)
        return false;
    if (strpbrk(template, "0123456789") != NULL || strstr(template, "{hex:") != NULL)
        return true;
    for (; placeholder_find(template, &placeholder);
         template = placeholder.begin + placeholder.length)
        if (placeholder_is_value(&placeholder))
            return true;
    return false;
}

/* Has it bytes that are no text? */
static bool is_binary(const char *template)
{
    struct placeholder placeholder;
    for (; placeholder_find(template, &placeholder);
         template = placeholder.begin + placeholder.length)
        if (placeholder_is_hex(&placeholder) || placeholder_is_binary(&placeholder))
            return true;
    return false;
}

static bool takes_any_word(const struct play_protocol *protocol)
{
    return strstr(protocol->ask->text, PROTOCOL_TOKEN) != NULL && !may_count(protocol->ask->text) &&
           !may_count(protocol->answer != NULL ? protocol->answer->text : NULL) &&
           !may_count(protocol->answer_pattern);
}

/* An empty line, or a length in front: such an ask has an end. */
static bool is_stream(const struct play_protocol *protocol)
{
    const char *ask = protocol->ask->text;
    size_t length = strlen(ask);
    return (length > 0 && ask[length - 1] == '\n') || is_binary(ask);
}

static const char *const keys[] = {"ask",   "answer", "answer-pattern", "frame", "closes",
                                   "large", NULL};

const struct player_protocol player_protocol_exchange = {
    .name = "exchange",
    .kind = PROTOCOL_EXCHANGE,
    .say = say,
    .answer = answer,
    .takes_any_word = takes_any_word,
    .is_stream = is_stream,
    .keys = keys,
    .required_count = 1,
};
